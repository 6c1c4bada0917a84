import RushesSimulation
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `docs/proof.md` names the planted money bugs, and what it says of each is so.
@Suite("The table of docs/proof.md")
struct ProofTests {
    /// A row: the bug, what it breaks, what sees it, the world that it shows in.
    struct Row: Sendable, CustomTestStringConvertible {
        let bug: String
        let sight: String
        let seed: UInt64

        var testDescription: String { bug }
    }

    @Test("has each planted bug about money once")
    func complete() throws {
        let rows = try Self.rows()
        #expect(rows.map(\.bug) == PlantedBug.allCases.filter(\.isAboutMoney).map(\.rawValue))
        #expect(rows.count >= 12)
    }

    @Test("names the world in which each is seen, and by what", arguments: try rows())
    func isSeen(row: Row) async throws {
        let bug = try #require(PlantedBug(rawValue: row.bug))
        let failure = await #expect(throws: SimulationFailure.self) {
            try await Simulation.run(seed: row.seed, steps: 1_500, bug: bug)
        }
        let violations = failure?.violations ?? []
        #expect(violations.contains { $0.contains(row.sight) }, "\(violations)")
    }

    private static func rows() throws -> [Row] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/proof.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
            guard cells.count == 4, let seed = UInt64(cells[3]) else { return nil }
            return Row(bug: cells[0].filter { $0 != "`" }, sight: cells[2].filter { $0 != "`" }, seed: seed)
        }
    }
}
