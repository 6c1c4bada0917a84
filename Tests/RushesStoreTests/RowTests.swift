import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

@Suite("Keys, numbers and versions")
struct RowTests {
    @Test("a request_id is unique in its organization", arguments: TestDatabase.allCases)
    func requestIDs(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5, requestID: "same", hash: "abc")
            await #expect(throws: DatabaseError.self) { try await world.create(5, requestID: "same") }
            #expect(try await world.rows("SELECT COUNT(*) FROM batch") == [SQLRow([1])])
            let found = try await world.database.read { reader in
                try reader.batch(requestID: "same", of: world.organization).map { ($0.batch.id, $0.requestHash) }
            }
            #expect(found?.0 == plan.batch.id && found?.1 == "abc")
            let other = world.ids.next(OrganizationIdentity.self)
            let foreign = try await world.database.read { try $0.batch(requestID: "same", of: other)?.batch }
            #expect(foreign == nil)
            try await world.create(5, requestID: "another")
        }
    }

    @Test("what was created is read back as it was", arguments: TestDatabase.allCases)
    func roundTrip(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant()
            let plan = try await world.create(5)
            let (batch, tasks, hold) = try await world.database.read { reader in
                (
                    try reader.batch(plan.batch.id, of: world.organization),
                    try reader.tasks(of: plan.batch.id, after: -1, states: [], limit: 10),
                    try reader.hold(of: plan.batch.id)
                )
            }
            #expect(batch == plan.batch && tasks == plan.tasks && hold == plan.hold)
            let page = try await world.database.read { reader in
                try reader.tasks(of: plan.batch.id, after: 1, states: [.queued, .failed], limit: 2)
            }
            #expect(page == Array(plan.tasks[2...3]))
        }
    }

    @Test("events have numbers without gaps in each organization", arguments: TestDatabase.allCases)
    func events(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            let other = world.ids.next(OrganizationIdentity.self)
            try await world.database.write { try $0.insertOrganization(other, name: "Other") }
            for round in 1...3 {
                for organization in [world.organization, other] {
                    try await world.database.write { transaction in
                        let events = (0..<round).map { Event(type: "test.\($0)", batch: nil) }
                        try transaction.append(events, to: organization, ids: world.ids)
                    }
                }
            }
            await #expect(throws: SimulatedCrash.self) {
                try await world.database.write { transaction in
                    try transaction.append([Event(type: "lost", batch: nil)], to: other, ids: world.ids)
                    throw SimulatedCrash(.beforeCommit)
                }
            }
            try await world.database.write { transaction in
                try transaction.append([Event(type: "last", batch: nil)], to: other, ids: world.ids)
            }
            for (organization, count) in [(world.organization, 6), (other, 7)] {
                let rows = try await world.rows(
                    "SELECT seq FROM event WHERE organization_id = $1 ORDER BY seq", [.text(organization.rawValue)])
                #expect(rows == (1...count).map { SQLRow([.int($0)]) })
            }
        }
    }

    @Test("a payment reference grants once, whoever asks", arguments: TestDatabase.allCases)
    func purchases(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            try await world.grant(reference: "bank-7")
            await #expect(throws: DatabaseError.self) { try await world.grant(reference: "bank-7") }
            let wallet = try #require(try await world.database.read { try $0.wallet(world.organization) })
            #expect(wallet.available == Credits(micros: 2_276_200_000) && wallet.ledgerSequence == 1)
            let found = try await world.database.read { try $0.purchase(reference: "bank-7") }
            #expect(found?.face == Credits(micros: 2_276_200_000) && found?.organization == world.organization)
            #expect(try await world.database.read { try $0.purchase(reference: "bank-8") } == nil)
        }
    }

    @Test("a price book is a new version, and its lanes keep their slots", arguments: TestDatabase.allCases)
    func priceBooks(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            #expect(try await world.database.read { try $0.priceBookVersion() } == 1)
            try await world.grant()
            let plan = try await world.create(5)
            _ = try await world.dispatch([plan.tasks[0]])
            let model = VideoModel(
                id: "veo-pro", displayName: "Veo Pro", unitPrice: Credits(micros: 6_490_000), minBatch: 5, maxBatch: 9,
                seconds: [8], sizes: ["1280x720"], slaSeconds: 600, deadlineSeconds: 600,
                route: ProviderRoute(provider: "test", model: "veo", maxInFlight: 7, createsPerMinute: 60),
                unknownCreatePolicy: .fail)
            let version = try await world.database.write { try $0.apply(Catalogue(models: [model], packages: [])) }
            #expect(version == 2)
            let book = try #require(try await world.database.read { try $0.priceBook() })
            #expect(book.version == 2 && book.catalogue.models == [model])
            let lane = try await world.lane()
            #expect(lane.maxInFlight == 7 && lane.createsPerMinute == 60 && lane.inFlight == 1)
            #expect(try await world.batch(plan.batch.id).unitPrice == Credits(micros: 5_990_000))
        }
    }
}
