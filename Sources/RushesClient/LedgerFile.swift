internal import Crypto
internal import RushesWire
internal import SystemPackage

/// A ledger's export in a file, verified without a server.
public struct LedgerFile: Sendable {
    private let path: String

    /// A file by its path.
    public init(path: String) {
        self.path = path
    }

    /// What a file was found to be.
    public enum Verdict: Sendable, Equatable {
        /// Everything holds.
        case proven(organization: String, transactions: Int, chainHead: String, lots: Int)
        /// Something does not hold, from this number on.
        case broken(sequence: Int, reason: String)
        /// The file is no export, or it does not belong to the statement.
        case foreign(reason: String)
    }

    /// Recomputes chain, running balances and lots, a piece of the file at a time.
    ///
    /// - Parameter statement: the JSON of a statement that the ledger has to agree with.
    /// - Throws: `RushesClientError.file` for a file that cannot be read or a statement that is none.
    public func verify(against statement: [UInt8]? = nil) throws -> Verdict {
        var check = LedgerExportCheck(statement: try statement.map(Self.decode), hash: Self.sha256)
        do {
            try lines { try check.take($0) }
            let proof = try check.finish()
            return .proven(
                organization: proof.organizationID, transactions: proof.count, chainHead: proof.chainHead,
                lots: proof.lotCount)
        } catch let defect as LedgerExportDefect {
            guard let sequence = defect.sequence else { return .foreign(reason: defect.reason) }
            return .broken(sequence: sequence, reason: defect.reason)
        }
    }

    private static func decode(_ statement: [UInt8]) throws -> StatementBody {
        do {
            return try WireJSON.decode(StatementBody.self, from: statement)
        } catch {
            throw RushesClientError.file(path: "statement", reason: "is not the JSON of a statement: \(error)")
        }
    }

    @Sendable private static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    /// Cuts the file into lines; the last one need not have a newline.
    private func lines(_ take: ([UInt8]) throws -> Void) throws {
        var line: [UInt8] = []
        try pieces { piece in
            var rest = piece
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                try take(line)
                line.removeAll(keepingCapacity: true)
                rest = rest[(end + 1)...]
            }
            line += rest
            if line.count > Self.lineBytesMax {
                throw RushesClientError.file(path: path, reason: "has a line of more than \(Self.lineBytesMax) bytes")
            }
        }
        if !line.isEmpty { try take(line) }
    }

    /// A line with a hundred thousand lots is smaller.
    private static let lineBytesMax = 64 * 1_024 * 1_024

    private func pieces(_ take: (ArraySlice<UInt8>) throws -> Void) throws {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            defer { try? file.close() }  // Only read from: a failing close loses nothing.
            var piece = [UInt8](repeating: 0, count: 256 * 1_024)
            while true {
                let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
                if count == 0 { return }
                try take(piece[..<count])
            }
        } catch let error as Errno {
            throw RushesClientError.file(path: path, reason: error.description)
        }
    }
}
