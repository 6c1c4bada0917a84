import RushesCore

/// Why an export is not the ledger that it says it is.
package struct LedgerExportDefect: Error, Sendable, Equatable, CustomStringConvertible {
    /// The first number at which something does not hold; nil for a file that is no export.
    package let sequence: Int?
    /// What does not hold.
    package let reason: String

    /// A defect from its parts.
    package init(at sequence: Int?, _ reason: String) {
        self.sequence = sequence
        self.reason = reason
    }

    package var description: String { (sequence.map { "transaction \($0): " } ?? "") + reason }
}

/// What an export was proven to be.
package struct LedgerExportProof: Sendable, Equatable {
    /// Whose ledger it is.
    package let organizationID: String
    /// How many transactions it has.
    package let count: Int
    /// The last one's hash.
    package let chainHead: String
    /// How many lots were followed.
    package let lotCount: Int
}

/// Checks an export line by line, in memory that grows with the number of lots and not with the ledger.
///
/// The rules of the ledger are those of `LedgerWalk`. A line has to be exactly what the program writes, so a change of
/// any byte is found, also one that leaves its meaning.
package struct LedgerExportCheck: Sendable {
    private let hash: @Sendable ([UInt8]) -> String
    private var walk: LedgerWalk?
    private var organization: OrganizationID?
    private var end: LedgerExportEnd?
    private var statement: LedgerStatementCheck?

    /// A check from the first line on; `hash` is SHA-256 in lower-case hexadecimal. A statement has to be what the
    /// ledger says about its month.
    package init(statement: StatementBody? = nil, hash: @escaping @Sendable ([UInt8]) -> String) {
        self.hash = hash
        self.statement = statement.map(LedgerStatementCheck.init)
    }

    /// Takes the next line, without its newline.
    ///
    /// - Throws: `LedgerExportDefect` for the first thing that does not hold.
    package mutating func take(_ line: [UInt8]) throws(LedgerExportDefect) {
        guard let organization, let last = walk?.end.sequence else { return try takeHead(line) }
        let place = last + 1
        if end != nil { throw LedgerExportDefect(at: place, "there are lines after the last one") }
        guard let body = Self.exact(LedgerExportTransaction.self, line), body.object == "ledger_export_transaction"
        else {
            guard let end = Self.exact(LedgerExportEnd.self, line), end.object == "ledger_export_end" else {
                throw LedgerExportDefect(at: place, "the line is not as it was written: \(Self.beginning(of: line))")
            }
            self.end = end
            return
        }
        guard let link = body.link(of: organization) else {
            throw LedgerExportDefect(at: place, "its two times differ")
        }
        if let defect = walk?.take(link).first { throw LedgerExportDefect(at: defect.sequence, defect.detail) }
        if statement != nil, let walk { try statement?.take(link, walk) }
    }

    /// Ends the check: the last line has to be there, and the ledger has to end as it says.
    ///
    /// - Throws: `LedgerExportDefect` for the first thing that does not hold.
    package func finish() throws(LedgerExportDefect) -> LedgerExportProof {
        guard let walk, let organization else { throw LedgerExportDefect(at: nil, "the file is empty") }
        guard let end else {
            throw LedgerExportDefect(at: walk.end.sequence + 1, "the export is cut off: its last line is missing")
        }
        if let defect = walk.defects(comparedWith: end.end).first {
            throw LedgerExportDefect(at: defect.sequence, defect.detail)
        }
        try statement?.finish(walk)
        return LedgerExportProof(
            organizationID: organization.rawValue, count: walk.end.sequence, chainHead: walk.end.chainHead,
            lotCount: walk.tally?.lots.count ?? 0)
    }

    private mutating func takeHead(_ line: [UInt8]) throws(LedgerExportDefect) {
        guard let head = Self.exact(LedgerExportHead.self, line), head.object == "ledger_export",
            let organization = OrganizationID(head.organizationID)
        else { throw LedgerExportDefect(at: nil, "the file is no ledger export: \(Self.beginning(of: line))") }
        guard head.format == LedgerExportHead.currentFormat, head.chain == LedgerChain.version else {
            throw LedgerExportDefect(
                at: nil, "the export has the form \(head.format) with \(head.chain), which this version does not read")
        }
        let walk = LedgerWalk(organization, hash: hash)
        try statement?.begin(organization, walk)
        self.organization = organization
        self.walk = walk
    }

    /// A line's body, if the line is exactly what it is written as.
    private static func exact<Body: Codable>(_ type: Body.Type, _ line: [UInt8]) -> Body? {
        // What cannot be read is no line of that type; the caller says where it stands.
        guard let body = try? WireJSON.decode(Body.self, from: line), let again = try? WireJSON.encode(body),
            again == line
        else { return nil }
        return body
    }

    private static func beginning(of line: [UInt8]) -> String {
        String(decoding: line.prefix(80), as: UTF8.self)
    }
}
