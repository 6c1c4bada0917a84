import RushesCore
import RushesWire
import Testing

@Suite struct EventSampleTests {
    private static let now = Timestamp(milliseconds: 1_795_426_200_000)
    private static let id = EventID(trusted: "evt_01ka0000000000000000000000")

    @Test(arguments: EventType.allCases)
    func everyTypeHasASampleThatReadsAsAWebhook(_ type: EventType) throws {
        let text = try WebhookRendering.sample(type, id: Self.id, at: Self.now)
        let body = try WireJSON.decode(WebhookBody.self, from: Array(text.utf8))
        #expect(body.type == type.rawValue && body.id == Self.id.rawValue)
        #expect(!body.livemode && body.sequence == nil && body.timestamp == "2026-11-23T09:30:00.000Z")
        #expect(try String(decoding: WireJSON.encode(body), as: UTF8.self) == text)
        // All but a ping tell something, and what they tell looks like the real thing.
        #expect(body.data.isEmpty == (type == .webhookPing))
        if case .text(let batch)? = body.data["batch_id"] { #expect(BatchID(batch) != nil) }
        if case .text(let task)? = body.data["task_id"] { #expect(TaskID(task) != nil) }
        if case .text(let posting)? = body.data["transaction_id"] { #expect(LedgerTransactionID(posting) != nil) }
    }

    @Test func endingsCarryASettlementThatAddsUp() throws {
        for type in EventType.allCases {
            let data = EventBody(EventSamples.snapshot(type, id: Self.id, at: Self.now)).data
            guard case .object(let settlement)? = data["settlement"] else {
                #expect(!type.isBatchEnding, "\(type.rawValue)")
                continue
            }
            #expect(type.isBatchEnding, "\(type.rawValue)")
            guard case .integer(let charged)? = settlement["charged_micros"],
                case .integer(let refunded)? = settlement["refunded_micros"],
                case .integer(let frozen)? = settlement["frozen_micros"]
            else {
                Issue.record("\(type.rawValue) has no amounts")
                continue
            }
            #expect(charged + refunded == frozen && frozen > 0)
        }
    }
}
