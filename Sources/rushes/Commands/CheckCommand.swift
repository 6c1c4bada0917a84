import ArgumentParser
import RushesClient
import RushesWire

/// `rushes check`
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Verify every invariant of money and state on live data.",
        discussion: "Exits 0 only if all hold.")

    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let found = try await installation.withClient { try await $0.check() }
        if installation.json {
            try outputJSON(found)
        } else {
            for violation in found.violations {
                output("\(violation.invariant): \(violation.subject): \(violation.detail)")
            }
            output(
                found.ok
                    ? "ok: \(found.checked.count) invariants hold" : "\(found.violations.count) violations, see above")
        }
        if !found.ok { throw ExitCode(ExitStatus.error.rawValue) }
    }
}
