import RushesCore
import RushesTesting
import RushesWire
import Testing

@Suite("Wallet, ledger and the credit operations", .onEachDatabase)
struct MoneyRouteTests {
    private let two = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"[fail]"}]}"#

    @Test("freeze replays; finalize waits for the last task and then replays")
    func operations() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let batch = try await client.post("/v1/batches", two).body(BatchBody.self)
            let reference = #"{"batch_id":"\#(batch.id)"}"#
            let freeze = try await client.post("/v1/rpc/freeze_credits_for_batch", reference)
            try await expectContract(freeze, 200, "CreditOperation", client)
            let frozen = try freeze.body(CreditOperationBody.self)
            #expect(frozen.replayed && frozen.hold.status == "open" && frozen.hold.frozenMicros == 980_000)
            #expect(frozen.transaction?.entries.map(\.amountMicros).reduce(0, +) == 0)
            #expect(frozen.transaction?.entries.count == 2)
            let early = try await client.post("/v1/rpc/finalize_batch_credits", reference)
            #expect(early.problem == "409 batch_not_finished")
            try await world.work()
            let finalize = try await client.post("/v1/rpc/finalize_batch_credits", reference)
            try await expectContract(finalize, 200, "CreditOperation", client)
            let closed = try finalize.body(CreditOperationBody.self)
            #expect(closed.hold.status == "closed" && closed.hold.heldMicros == 0 && closed.hold.closedAt != nil)
            #expect(closed.transaction?.kind == "finalize")
            #expect(try await client.post("/v1/rpc/finalize_batch_credits", reference).bytes == finalize.bytes)
            #expect(
                try await client.post("/v1/rpc/finalize_batch_credits", #"{"batch_id":"x"}"#).problem == "404 not_found"
            )
            #expect(
                try await client.post("/v1/rpc/finalize_batch_credits", #"{"batch_id":"x","face_micros":1}"#).issues
                    == ["/face_micros unknown_field"])
        }
    }

    @Test("the ledger is listed line by line and sums to zero")
    func ledger() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let batch = try await client.post("/v1/batches", two).body(BatchBody.self)
            try await world.work()
            var lines: [LedgerEntryBody] = []
            var cursor: String?
            repeat {
                let answer = try await client.get("/v1/ledger?limit=3" + (cursor.map { "&cursor=\($0)" } ?? ""))
                try await expectContract(answer, 200, "LedgerEntryList", client)
                let page = try answer.body(ListBody<LedgerEntryBody>.self)
                lines += page.data
                cursor = page.nextCursor
            } while cursor != nil
            #expect(lines.map(\.amountMicros).reduce(0, +) == 0)
            #expect(lines.map(\.seq) == lines.map(\.seq).sorted())
            #expect(Set(lines.map { "\($0.seq).\($0.account)" }).count == lines.count)
            let ofBatch = try await client.get("/v1/ledger?batch_id=\(batch.id)&limit=100").body(
                ListBody<LedgerEntryBody>.self)
            #expect(ofBatch.data == lines.filter { $0.batchID == batch.id })
            #expect(!ofBatch.data.isEmpty)
            let wallet = try await client.get("/v1/wallet")
            try await expectContract(wallet, 200, "Wallet", client)
            let sums = try wallet.body(WalletBody.self)
            #expect(sums.availableMicros == 49_000_000 - 490_000)
            #expect(sums.totalMicros == sums.availableMicros + sums.heldMicros)
            try await expectContract(try await client.get("/v1/models"), 200, "ModelList", client)
        }
    }
}
