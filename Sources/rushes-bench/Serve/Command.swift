import Foundation

/// A program run to its end.
enum Command {
    /// What it wrote to stdout; its stderr is ours.
    ///
    /// - Throws: `ServeError` when it did not end with 0.
    static func output(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ServeError(message: "\(program) ended with \(process.terminationStatus): \(text)")
        }
        return text
    }
}
