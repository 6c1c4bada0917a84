import RushesCore
import RushesWire
import Testing

@Suite("Bodies as they stand on the wire")
struct GoldenBodyTests {
    private func json(_ body: some Encodable) throws -> String {
        String(decoding: try WireJSON.encode(body), as: UTF8.self)
    }

    @Test("a batch")
    func batch() throws {
        let body = BatchBody(
            id: "bat_1", requestID: "r", model: "sora-2", name: nil, status: "processing",
            counts: BatchCountsBody(total: 3, queued: 1, running: 1, succeeded: 1, failed: 0), unitPriceMicros: 490_000,
            frozenMicros: 1_470_000, chargedMicros: 490_000, refundedMicros: 0, heldMicros: 980_000, createdAt: "c",
            startedAt: "s", finishedAt: nil, cancelRequestedAt: nil, metadata: ["k": "v"])
        #expect(
            try json(body)
                == #"{"cancel_requested_at":null,"charged_micros":490000,"counts":{"failed":0,"queued":1,"running":1,"succeeded":1,"total":3},"created_at":"c","finished_at":null,"frozen_micros":1470000,"held_micros":980000,"id":"bat_1","metadata":{"k":"v"},"model":"sora-2","name":null,"object":"batch","project":null,"refunded_micros":0,"request_id":"r","started_at":"s","status":"processing","tasks_removed_at":null,"unit_price_micros":490000}"#
        )
        #expect(try WireJSON.decode(BatchBody.self, from: try WireJSON.encode(body)) == body)
    }

    @Test("a task, alone and in a list")
    func task() throws {
        var body = TaskBody(
            id: "tsk_1", batchID: "bat_1", index: 0, customID: "row-000001", prompt: "a/b", seconds: 4,
            size: "1280x720",
            status: "failed", failure: FailureBody(type: "moderated", message: "m", providerCode: nil), attempts: 1,
            createdAt: "c", dispatchedAt: nil, finishedAt: "f", deadlineAt: nil, assetID: nil, chargedMicros: 0)
        #expect(
            try json(ListBody(data: [body], nextCursor: nil))
                == #"{"data":[{"asset_id":null,"attempts":1,"batch_id":"bat_1","charged_micros":0,"created_at":"c","custom_id":"row-000001","deadline_at":null,"dispatched_at":null,"failure":{"message":"m","provider_code":null,"type":"moderated"},"finished_at":"f","id":"tsk_1","index":0,"object":"task","prompt":"a/b","seconds":4,"size":"1280x720","status":"failed"}],"has_more":false,"next_cursor":null,"object":"list"}"#
        )
        body.attemptHistory = [
            AttemptBody(
                number: 1, provider: "sandbox", providerJobID: nil, outcome: nil, startedAt: "s", endedAt: nil,
                failure: nil)
        ]
        #expect(
            try json(body).contains(
                #""attempt_history":[{"ended_at":null,"failure":null,"number":1,"outcome":null,"provider":"sandbox","provider_job_id":null,"started_at":"s"}]"#
            ))
    }

    @Test("money: quote, wallet, ledger, hold")
    func money() throws {
        #expect(
            try json(
                QuoteBody(
                    model: "m", count: 2, unitPriceMicros: 5, totalMicros: 10, availableMicros: 7,
                    availableAfterMicros: nil, shortMicros: 3, canStart: false, minBatch: 1, priceVersion: 1,
                    etaSeconds: 60, windowHours: 24))
                == #"{"available_after_micros":null,"available_micros":7,"budgets":[],"can_start":false,"count":2,"eta_is_measured":false,"eta_seconds":60,"min_batch":1,"model":"m","object":"quote","price_version":1,"short_micros":3,"suspended":false,"total_micros":10,"unit_price_micros":5,"window_hours":24}"#
        )
        #expect(
            try json(
                WalletBody(
                    availableMicros: 1, heldMicros: 2, totalMicros: 3,
                    lots: [
                        LotBody(
                            id: "lot_1", kind: "topup", paidMicros: 3, faceMicros: 3, availableMicros: 1, heldMicros: 2,
                            expiresAt: nil)
                    ]))
                == #"{"available_micros":1,"held_micros":2,"lots":[{"available_micros":1,"charged_micros":0,"corrected_micros":0,"expired_micros":0,"expires_at":null,"face_micros":3,"held_micros":2,"id":"lot_1","kind":"topup","object":"lot","paid_micros":3,"refunded_micros":0}],"low_balance_micros":null,"object":"wallet","suspended":false,"total_micros":3}"#
        )
        let entry = LedgerEntryBody(
            seq: 1, transactionID: "ltx_1", kind: "freeze", account: "lot:lot_1:held", unit: "uCR", amountMicros: 2,
            availableAfterMicros: 1, heldAfterMicros: 2, batchID: "bat_1", reference: "freeze:bat_1", createdAt: "c",
            hash: "h")
        let golden =
            #"{"account":"lot:lot_1:held","amount_micros":2,"available_after_micros":1,"batch_id":"bat_1","created_at":"c","hash":"h","held_after_micros":2,"kind":"freeze","object":"ledger_entry","reference":"freeze:bat_1","seq":1,"transaction_id":"ltx_1","unit":"uCR"}"#
        #expect(try json(entry) == golden)
        let operation = CreditOperationBody(
            hold: HoldBody(
                batchID: "bat_1", status: "open", frozenMicros: 2, heldMicros: 2, chargedMicros: 0, refundedMicros: 0,
                lots: [HoldLotBody(lotID: "lot_1", amountMicros: 2)], createdAt: "c", closedAt: nil),
            transaction: LedgerTransactionBody(
                id: "ltx_1", seq: 1, kind: "freeze", reference: "freeze:bat_1", createdAt: "c", hash: "h",
                entries: [entry]), replayed: true)
        #expect(
            try json(operation)
                == #"{"hold":{"batch_id":"bat_1","charged_micros":0,"closed_at":null,"created_at":"c","frozen_micros":2,"held_micros":2,"lots":[{"amount_micros":2,"lot_id":"lot_1"}],"object":"hold","refunded_micros":0,"status":"open"},"object":"credit_operation","replayed":true,"transaction":{"created_at":"c","entries":["#
                + golden
                + #"],"hash":"h","id":"ltx_1","kind":"freeze","object":"ledger_transaction","reference":"freeze:bat_1","seq":1}}"#
        )
    }

    @Test("a problem")
    func problem() throws {
        let body = ProblemBody(
            type: "t", title: "T", status: 422, detail: "d", code: "c", requestID: "req_1",
            errors: [IssueBody(pointer: "/tasks/0/seconds", row: 2, column: "seconds", code: "x", detail: "y")],
            errorsTotal: 1, error: ErrorBody(type: "invalid_request_error", code: "c", message: "d", param: "tasks"))
        #expect(
            try json(body)
                == #"{"code":"c","detail":"d","error":{"code":"c","message":"d","param":"tasks","type":"invalid_request_error"},"errors":[{"code":"x","column":"seconds","detail":"y","pointer":"/tasks/0/seconds","row":2}],"errors_total":1,"request_id":"req_1","status":422,"title":"T","type":"t"}"#
        )
    }

    @Test("a result line")
    func result() throws {
        let body = ResultLine(
            customID: "a", taskID: "tsk_1", batchID: "bat_1", index: 0, status: "succeeded", failure: nil,
            chargedMicros: 5,
            asset: ResultAsset(
                id: "ast_1", contentPath: "/v1/assets/ast_1/content", bytes: 9, sha256: "f", contentType: "video/mp4"),
            finishedAt: "f")
        #expect(
            try json(body)
                == #"{"asset":{"bytes":9,"content_path":"/v1/assets/ast_1/content","content_type":"video/mp4","id":"ast_1","sha256":"f"},"batch_id":"bat_1","charged_micros":5,"custom_id":"a","failure":null,"finished_at":"f","index":0,"object":"result","status":"succeeded","task_id":"tsk_1"}"#
        )
    }

    @Test("operators' requests are read strictly and a catalogue survives a round trip")
    func operatorRequests() throws {
        #expect(try OrganizationRequest(reading: Array(#"{"name":"Acme"}"#.utf8)).name == "Acme")
        let issues = #expect(throws: IssueList.self) {
            try PurchaseRequest(reading: Array(#"{"organization_id":1,"topup_micros":1.5,"face":1}"#.utf8))
        }
        #expect(
            issues?.listed.map { ($0.pointer ?? "") + " " + $0.code } == [
                "/organization_id invalid_type", "/topup_micros invalid_type", "/reference missing_field",
                "/face unknown_field",
            ])
        let catalogue = """
            {"models":[{"id":"m","display_name":"M","unit_price_micros":490000,"min_batch":1,"max_batch":10,
            "seconds":[4,8],"sizes":["1280x720"],"sla_seconds":120,"deadline_seconds":120,"route":{"provider":"sandbox",
            "model":"x","max_in_flight":4,"creates_per_minute":60},"unknown_create_policy":"resubmit_once"}],
            "packages":[{"id":"p","paid_micros":1,"face_micros":2}]}
            """
        let read = try CatalogueBody.catalogue(reading: Array(catalogue.utf8))
        #expect(read.defects == [])
        #expect(read.models[0].unknownCreatePolicy == .resubmitOnce)
        #expect(throws: IssueList.self) {
            try CatalogueBody.catalogue(reading: Array(#"{"models":[1],"packages":[]}"#.utf8))
        }
        let spare = #""fallback_routes":[{"provider":"b","model":"y","max_in_flight":1,"creates_per_minute":6}],"#
        let routed = catalogue.replacing(#""unknown_create_policy""#, with: spare + #""unknown_create_policy""#)
        let both = try CatalogueBody.catalogue(reading: Array(routed.utf8))
        #expect(both.models[0].routes.map(\.lane.rawValue) == ["sandbox:x", "b:y"] && both.defects == [])
        var shown = CatalogueBody(PriceBook(version: 7, catalogue: both))
        #expect(CatalogueBody(PriceBook(version: 7, catalogue: read)).models[0].fallbackRoutes == nil)
        shown.version = nil
        #expect(try CatalogueBody.catalogue(reading: WireJSON.encode(shown)) == both)
        #expect(shown.models[0].slaCredits == nil)
        shown.models[0].slaCredits = [ServiceCreditStepBody(belowBasisPoints: 9_500, creditBasisPoints: 1_000)]
        let promising = try CatalogueBody.catalogue(reading: WireJSON.encode(shown))
        let step = ServiceCreditStep(belowBasisPoints: 9_500, creditBasisPoints: 1_000)
        #expect(promising.models[0].serviceCredits == [step] && promising.defects == [])
        #expect(CatalogueBody(PriceBook(version: 7, catalogue: promising)).models == shown.models)
    }
}
