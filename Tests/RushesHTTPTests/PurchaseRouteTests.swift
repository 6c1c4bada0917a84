import HTTPTypes
import RushesCore
import RushesEngine
import RushesTesting
import RushesWire
import Testing

@Suite("Packages, purchases, the alert and the feed", .onEachDatabase)
struct PurchaseRouteTests {
    @Test("a purchase is opened once for its key, granted by an operator, and listed")
    func purchases() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let packages = try await client.get("/v1/packages")
            try await expectContract(packages, 200, "PackageList", client)
            let offer = try #require(try packages.body(ListBody<PackageOfferBody>.self).data.first)
            let order = #"{"request_id":"po-1","package":"\#(offer.id)"}"#
            let first = try await client.post("/v1/purchases", order)
            try await expectContract(first, 201, "Purchase", client)
            let opened = try first.body(PurchaseBody.self)
            #expect(opened.status == "pending" && opened.paidMicros == offer.paidMicros && opened.lotID == nil)
            let again = try await client.post("/v1/purchases", order)
            #expect(again.bytes == first.bytes && again.headers[.init("Idempotent-Replayed")!] == "true")
            let other = try await client.post("/v1/purchases", #"{"request_id":"po-1","topup_micros":5}"#)
            #expect(other.problem == "422 idempotency_mismatch")

            let before = try await client.get("/v1/wallet").body(WalletBody.self).availableMicros
            let id = try #require(PurchaseID(opened.id))
            _ = try await OperatorService(world.engine).confirmPurchase(id, reference: "bank-9")
            let granted = try await client.get("/v1/purchases/\(opened.id)")
            try await expectContract(granted, 200, "Purchase", client)
            let body = try granted.body(PurchaseBody.self)
            #expect(body.status == "granted" && body.reference == "bank-9" && body.lotID != nil)
            let after = try await client.get("/v1/wallet").body(WalletBody.self).availableMicros
            #expect(after - before == offer.faceMicros)
            #expect(try await client.post("/v1/purchases/\(opened.id)/cancel", "").problem == "409 purchase_granted")
            _ = try await OperatorService(world.engine).refundPurchase(
                id, reference: "back-9", reason: "asked", by: "ada")
            let refunded = try await client.post("/v1/purchases", order)
            try await expectContract(refunded, 201, "Purchase", client)
            #expect(try refunded.body(PurchaseBody.self).refund?.cashMicros == offer.paidMicros)

            for number in 2...4 {
                _ = try await client.post("/v1/purchases", #"{"request_id":"po-\#(number)","topup_micros":5}"#)
            }
            var ids: [String] = []
            var cursor: String?
            repeat {
                let answer = try await client.get("/v1/purchases?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
                try await expectContract(answer, 200, "PurchaseList", client)
                let page = try answer.body(ListBody<PurchaseBody>.self)
                ids += page.data.map(\.id)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(ids == ids.sorted(by: >) && Set(ids).count == ids.count && ids.contains(opened.id))
            let cancelled = try await client.post("/v1/purchases/\(ids[0])/cancel", "")
            #expect(try cancelled.body(PurchaseBody.self).status == "cancelled")
            #expect(try await client.post("/v1/purchases/\(ids[0])/cancel", "").bytes == cancelled.bytes)
        }
    }

    @Test(
        "a purchase that cannot be had is refused by name",
        arguments: [
            (#"{"request_id":"r"}"#, " one_of"), (#"{"request_id":"r","package":"a","topup_micros":1}"#, " one_of"),
            (#"{"request_id":"r","package":"pack_9"}"#, "/package unknown_package"),
            (#"{"request_id":"r","topup_micros":0}"#, "/topup_micros invalid_value"),
            (#"{"request_id":"r","topup_micros":-5}"#, "/topup_micros invalid_value"),
            (#"{"request_id":"","topup_micros":5}"#, "/request_id invalid_value"),
            (#"{"topup_micros":5}"#, "/request_id missing_field"),
            (#"{"request_id":"r","topup_micros":5,"face_micros":9}"#, "/face_micros unknown_field"),
            (#"{"request_id":"r","topup_micros":"5"}"#, "/topup_micros invalid_type"),
        ])
    func refused(body: String, issue: String) async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let answer = try await client.post("/v1/purchases", body)
            #expect(answer.status == 422 && answer.issues == [issue])
            let listed = try await client.get("/v1/purchases").body(ListBody<PurchaseBody>.self).data
            #expect(listed.allSatisfy { $0.requestID == nil })
        }
    }

    @Test("the mark is set, told of when it is crossed, and the feed has no gap")
    func alert() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let set = try await client.put("/v1/wallet/alert", #"{"low_balance_micros":49000000}"#)
            try await expectContract(set, 200, "Wallet", client)
            #expect(try set.body(WalletBody.self).lowBalanceMicros == 49_000_000)
            let batch = #"{"request_id":"r","model":"sora-2","tasks":[{"prompt":"a"},{"prompt":"b"}]}"#
            #expect(try await client.post("/v1/batches", batch).status == 201)
            let answer = try await client.get("/v1/events?limit=100")
            try await expectContract(answer, 200, "EventList", client)
            let events = try answer.body(ListBody<EventBody>.self).data
            #expect(events.map(\.seq) == (1...Int64(events.count)).map { $0 })
            let low = try #require(events.first { $0.type == "wallet.low_balance" })
            #expect(low.data["low_balance_micros"] == .integer(49_000_000) && low.batchID == nil)
            let queued = try #require(events.first { $0.type == "batch.queued" })
            #expect(queued.batchID != nil)
            let rest = try await client.get("/v1/events?after=\(low.seq)").body(ListBody<EventBody>.self)
            #expect(rest.data == events.filter { $0.seq > low.seq } && !rest.hasMore)
            let page = try await client.get("/v1/events?limit=1").body(ListBody<EventBody>.self)
            #expect(page.hasMore && page.nextCursor == "1")
            #expect(try await client.get("/v1/events?after=-1").status == 422)
            #expect(try await client.get("/v1/events?since=1").status == 422)
            let off = try await client.put("/v1/wallet/alert", #"{"low_balance_micros":null}"#)
            #expect(try off.body(WalletBody.self).lowBalanceMicros == nil)
            #expect(
                try await client.put("/v1/wallet/alert", #"{"low_balance_micros":0}"#).issues
                    == ["/low_balance_micros invalid_value"])
        }
    }
}
