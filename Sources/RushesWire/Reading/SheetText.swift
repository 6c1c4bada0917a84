import RushesCore

/// What the two sheet formats share.
enum SheetText {
    /// Refuses bytes that are no UTF-8 text, with a hint for what spreadsheets write.
    static func check(_ bytes: [UInt8]) throws(SheetDefect) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw SheetDefect("not_utf8", "the sheet is UTF-16; save it as UTF-8")
        }
        if let offset = bytes.firstIndex(of: 0) {
            throw SheetDefect("nul_character", "line \(line(of: offset, in: bytes)) has the character U+0000")
        }
        if let offset = UTF8Check.firstDefect(in: bytes) {
            throw SheetDefect("not_utf8", "line \(line(of: offset, in: bytes)) is not UTF-8; save the sheet as UTF-8")
        }
    }

    /// Where the text begins: behind a byte order mark.
    static func start(of bytes: [UInt8]) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    static func isBlank(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        bytes[line].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    /// The issue of a sheet with more rows than a batch has tasks.
    static var tooManyRows: IssueBody {
        IssueBody(
            pointer: "/tasks", code: "too_many_tasks",
            detail: "a sheet has at most \(Limits.tasksPerBatchMax) rows of tasks")
    }

    private static func line(of offset: Int, in bytes: [UInt8]) -> Int {
        bytes[..<offset].count { $0 == 0x0A } + 1
    }
}
