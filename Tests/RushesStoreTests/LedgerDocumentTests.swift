import RushesCore
import RushesStore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The canonical bytes of docs/ledger.md")
struct LedgerDocumentTests {
    private static let organization = OrganizationID(trusted: "org_01kjz0m5e0000000000000001a")
    private static let lot = LotID(trusted: "lot_01kjz0m5e0000000000000001c")
    private static let batch = BatchID(trusted: "bat_01kjz0m5e0000000000000001e")

    @Test("the document's examples are what the program writes, with the hashes that it says")
    func examples() throws {
        let blocks = try Self.blocks()
        #expect(blocks.count == 4)
        let purchase = Self.purchase(after: LedgerChain.genesis)
        #expect(String(decoding: purchase, as: UTF8.self) == blocks[0])
        #expect(sha256Hex(purchase) + "\n" == blocks[1])
        let freeze = Self.freeze(after: sha256Hex(purchase))
        #expect(String(decoding: freeze, as: UTF8.self) == blocks[2])
        #expect(sha256Hex(freeze) + "\n" == blocks[3])
    }

    private static func purchase(after hash: String) -> [UInt8] {
        let granted = Lot(
            granting: Credits(micros: 2_276_200_000), paid: Dollars(micros: 2_000_000_000), origin: .package, id: lot,
            sequence: 1)
        return bytes(
            .purchase(of: granted, paymentReference: "bank-7"), "ltx_01kjz0m5e0000000000000001d", sequence: 1,
            at: 1_795_000_000_000, available: 2_276_200_000, held: 0, after: hash)
    }

    private static func freeze(after hash: String) -> [UInt8] {
        let hold = Hold(
            batch: batch, unitPrice: Credits(micros: 5_990_000), count: 100,
            parts: [HoldPart(lot: lot, amount: Credits(micros: 599_000_000))])
        return bytes(
            .freeze(hold), "ltx_01kjz0m5e0000000000000001f", sequence: 2, at: 1_795_000_001_500,
            available: 1_677_200_000, held: 599_000_000, after: hash)
    }

    private static func bytes(
        _ transaction: LedgerTransaction, _ id: String, sequence: Int, at milliseconds: Int64, available: Int64,
        held: Int64, after hash: String
    ) -> [UInt8] {
        LedgerChain.canonicalBytes(
            LedgerPosition(
                organization: organization, transaction: LedgerTransactionID(trusted: id), sequence: sequence,
                createdAt: Timestamp(milliseconds: milliseconds), availableAfter: Credits(micros: available),
                heldAfter: Credits(micros: held), previousHash: hash),
            kind: transaction.kind.rawValue, reference: transaction.reference, batch: transaction.batch,
            lines: transaction.entries.map { ($0.account.name, $0.account.unit, $0.amountMicros) })
    }

    /// The `text` blocks of the document, each line ended by a newline.
    private static func blocks() throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/ledger.md"), encoding: .utf8)
        return text.split(separator: "```text\n").dropFirst().map { part in
            String(part.prefix { $0 != "`" })
        }
    }
}
