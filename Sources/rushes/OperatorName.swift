import ArgumentParser
import Foundation

/// Who an operator is, for acts that keep a name: the flag, else `RUSHES_OPERATOR`, else the user of the machine.
struct OperatorName: ParsableArguments {
    @Option(help: "Your name, which is kept with the act (RUSHES_OPERATOR; default: the user of this machine).")
    var by: String?

    /// The name.
    var text: String {
        let environment = ProcessInfo.processInfo.environment
        return [by, environment["RUSHES_OPERATOR"], environment["USER"], environment["LOGNAME"]]
            .compactMap { $0 }.first { !$0.isEmpty } ?? ProcessInfo.processInfo.userName
    }
}
