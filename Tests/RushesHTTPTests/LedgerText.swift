import RushesCore
import RushesStore
import RushesWire
import Testing

/// An export as somebody has it in a file, to be changed and verified.
struct LedgerText {
    var lines: [[UInt8]]

    init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    /// How many transactions it has, when nothing was changed.
    var count: Int { lines.count - 2 }

    @discardableResult
    func verify(statement: StatementBody? = nil) throws -> LedgerExportProof {
        var check = LedgerExportCheck(statement: statement, hash: sha256Hex)
        for line in lines { try check.take(line) }
        return try check.finish()
    }

    /// What is wrong with it; nil when nothing is.
    func defect(statement: StatementBody? = nil) throws -> LedgerExportDefect? {
        do {
            try verify(statement: statement)
            return nil
        } catch let defect as LedgerExportDefect {
            return defect
        }
    }

    /// What somebody does to one line.
    enum Change: CaseIterable {
        case editByte, editMember, delete, insert, swap, appendMember
    }

    /// The text with one change, and the first number that it touches.
    func changed(_ change: Change, _ chance: inout SplitMix64) throws -> (LedgerText, Int) {
        func below(_ bound: Int) -> Int { Int(chance.next() % UInt64(bound)) }
        var text = self
        let seq = 1 + below(count)
        switch change {
        case .editByte:
            let place = below(lines[seq].count)
            let other = UInt8(0x21 + below(0x5E))
            text.lines[seq][place] = other == lines[seq][place] ? other ^ 1 : other
        case .editMember:
            var body = try WireJSON.decode(LedgerExportTransaction.self, from: lines[seq])
            Self.edit(&body, below(9), line: below(body.lines.count), by: 1 + Int64(below(1_000)))
            text.lines[seq] = try WireJSON.encode(body)
        case .delete: text.lines.remove(at: seq)
        case .insert:
            let copied = 1 + below(count)
            text.lines.insert(lines[copied], at: seq)
            // A copy before itself is in its place; then the second one is wrong.
            return (text, copied == seq ? seq + 1 : seq)
        case .swap:
            let other = 1 + (seq + below(count - 1)) % count
            text.lines.swapAt(seq, other)
            return (text, min(seq, other))
        case .appendMember: text.lines[seq] = Array(lines[seq].dropLast()) + Array(#","x":1}"#.utf8)
        }
        return (text, seq)
    }

    private static func edit(_ body: inout LedgerExportTransaction, _ member: Int, line: Int, by amount: Int64) {
        switch member {
        case 0: body.lines[line].amountMicros += amount
        case 1: body.lines[line].account += "x"
        case 2: body.lines[line].unit = body.lines[line].unit == "uCR" ? "uUSD" : "uCR"
        case 3: body.availableAfterMicros += amount
        case 4: body.heldAfterMicros += amount
        case 5: body.reference += "x"
        case 6: body.kind = body.kind == "settle" ? "finalize" : "settle"
        case 7: body.lines.remove(at: line)
        default: body.batchID = body.batchID == nil ? "bat_x" : nil
        }
    }

    /// Only the first transactions, with the last line as it was, without one, or with one that somebody made for them.
    func cut(to kept: Int, hasEnd: Bool = true, forgesEnd: Bool = false) throws -> LedgerText {
        var text = self
        text.lines.removeSubrange((kept + 1)...)
        if forgesEnd {
            text.lines.append(try WireJSON.encode(try forgedEnd(after: kept)))
        } else if hasEnd {
            text.lines.append(lines[lines.count - 1])
        }
        return text
    }

    private func forgedEnd(after kept: Int) throws -> LedgerExportEnd {
        let organization = OrganizationID(
            trusted: try WireJSON.decode(LedgerExportHead.self, from: lines[0]).organizationID)
        var walk = LedgerWalk(organization, hash: sha256Hex)
        for line in lines[1...].prefix(kept) {
            let body = try WireJSON.decode(LedgerExportTransaction.self, from: line)
            _ = walk.take(try #require(body.link(of: organization)))
        }
        let lots = (walk.tally?.lots ?? [:]).map { LotStanding(id: $0.key, origin: .topup, balances: $0.value) }
        return LedgerExportEnd(walk.end, lots: lots)
    }
}
