import Foundation
import RushesProcesses

/// weasyprint, when the machine has it: makes a PDF of a page.
struct PDFPrinter {
    private let executable: URL

    /// The weasyprint of `PATH`.
    ///
    /// - Throws: `Complaint` when there is none.
    static func find() throws -> PDFPrinter {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        guard let found = ProgramPath.find("weasyprint", in: path) else {
            throw Complaint(
                message: "a PDF needs weasyprint",
                details: [
                    "Debian: apt-get install weasyprint fonts-noto-cjk", "or write the page with --html and print it",
                ])
        }
        return PDFPrinter(executable: URL(fileURLWithPath: found))
    }

    private init(executable: URL) {
        self.executable = executable
    }

    /// Writes the PDF of a page. The page names nothing outside of it, so nothing is fetched.
    ///
    /// - Throws: `Complaint` when weasyprint refuses.
    func write(_ html: [UInt8], to path: String) throws {
        let process = Process()
        let input = Pipe()
        process.executableURL = executable
        process.arguments = ["--quiet", "-", path]
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(html))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Complaint(message: "weasyprint could not write \(path)") }
    }
}
