import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Creates, a fifth of whose answers are lost")
struct DroppedCreateTests {
    private static let priceMicros: Int64 = 490_000

    /// Every fifth has a job that nobody is told of; four of these at a time have the same prompt.
    private static func prompts(_ count: Int) -> [String] {
        (0..<count).map { number in
            guard number.isMultiple(of: 5) else { return "A kite \(number)" }
            return number.isMultiple(of: 10) ? "A twin \(number / 40) [sim:drop]" : "A ball \(number) [sim:drop]"
        }
    }

    private struct Counters: Decodable {
        let accepted: Int
        let dropped: Int
        let attemptsRepeated: Int
        let faultsMet: [String: Int]

        private enum CodingKeys: String, CodingKey {
            case accepted = "creates_accepted"
            case dropped = "creates_dropped"
            case attemptsRepeated = "attempts_submitted_more_than_once"
            case faultsMet = "faults_met"
        }
    }

    private struct Owner: Sendable {
        let task: String
        let number: Int
        let outcome: String
        let job: String?
        var tag: String { "\(task)-\(number)" }
    }

    @Test(
        "no video is made twice, and every job at the provider has an owner", .serialized,
        arguments: [(SandboxWorld.Dialect.openAI, 1_000), (.vertex, 200)] as [(SandboxWorld.Dialect, Int)])
    func drops(_ dialect: SandboxWorld.Dialect, _ tasks: Int) async throws {
        let topUp = Int64(tasks) * Self.priceMicros
        try await SandboxWorld.with(dialect, priceMicros: Self.priceMicros, topUpMicros: topUp) { world in
            // Beside them creates that leave no job, whose tasks the model's policy decides on.
            _ = try await world.sandbox("faults", order: #"{"call":"create","kind":"drop","every":40}"#)
            let batch = try await world.run(Self.prompts(tasks), secondsMax: 3_600)
            let counters = try JSONDecoder().decode(
                Counters.self, from: try await world.sandbox("counters?summary=true"))
            let owners = try await Self.owners(world)
            let lost = counters.faultsMet["drop"] ?? 0
            #expect(counters.dropped > tasks / 6 && lost >= tasks / 40)
            #expect(batch.counts.succeeded + batch.counts.failed == tasks)
            // As many videos were made as were delivered. Twins may have swapped theirs.
            #expect(counters.accepted == batch.counts.succeeded && counters.attemptsRepeated == 0)
            #expect(owners.count == counters.accepted + lost)
            try await Self.expectOwned(world, owners, counters)
            Self.expectPolicy(dialect, owners, lost: lost, batch)
            try await Self.expectMoney(world, batch, topUp)
            print(
                "drops, \(dialect): \(tasks) tasks, \(owners.count) attempts, \(counters.accepted) jobs,",
                "\(counters.dropped) answers lost, \(lost) creates lost, \(batch.counts.succeeded) delivered")
        }
    }

    private static func owners(_ world: SandboxWorld) async throws -> [Owner] {
        try await world.engine.database.read { reader in
            try reader.query(
                "SELECT task_id, number, outcome, provider_job FROM attempt ORDER BY task_id, number", []
            ).map { row in
                Owner(
                    task: try row.text(0), number: try row.int(1), outcome: try row.text(2),
                    job: try row.optionalText(3))
            }
        }
    }

    /// Every job that the provider has is an attempt's, and no job is two attempts'.
    private static func expectOwned(_ world: SandboxWorld, _ owners: [Owner], _ counters: Counters) async throws {
        let owned = owners.compactMap(\.job)
        #expect(owned.count == Set(owned).count && owned.count == counters.accepted)
        #expect(owners.allSatisfy { ($0.job == nil) == ($0.outcome == "unknown") })
        // A bucket shows videos by their attempts, a listing by the names of their jobs.
        let tags = owners.filter { $0.job != nil }.map(\.tag)
        let listed = try await world.provider.list(since: ManualStart.moment)
        let isWhole = listed.allSatisfy { job in
            job.attempt.map { tags.contains("\($0)") } ?? owned.contains(job.id?.rawValue ?? "")
        }
        #expect(listed.count == counters.accepted && isWhole)
    }

    /// A create that left no job is made again once where that is cheap, else its task fails.
    private static func expectPolicy(_ dialect: SandboxWorld.Dialect, _ owners: [Owner], lost: Int, _ batch: Batch) {
        let again = owners.count { $0.number > 1 }
        switch dialect.policy {
        case .resubmitOnce: #expect(again + batch.counts.failed == lost && owners.allSatisfy { $0.number <= 2 })
        case .fail: #expect(again == 0 && batch.counts.failed == lost)
        }
    }

    private static func expectMoney(_ world: SandboxWorld, _ batch: Batch, _ topUp: Int64) async throws {
        let delivered = Int64(batch.counts.succeeded) * priceMicros
        let wallet = try await CreditService(world.engine).wallet(of: world.organization)
        #expect(batch.charged.micros == delivered && batch.held == .zero)
        #expect(wallet.available.micros == topUp - delivered && wallet.held == .zero)
        #expect(try await InvariantSweep(world.engine.database).run().violations.isEmpty)
    }
}

/// Before anything in a world happened.
private enum ManualStart {
    static let moment = Timestamp(milliseconds: 1_795_000_000_000)
}
