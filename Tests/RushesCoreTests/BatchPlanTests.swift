import RushesCore
import Testing

@Suite struct BatchPlanTests {
    private struct Numbered: IDSource {
        func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> { id(7) }
    }

    @Test func priceWindowAndMoneyAreDecidedTogether() throws {
        let request = try BatchDraft(
            requestID: "r", model: "veo-pro", name: "n", tasks: (0..<5).map { TaskDraft(prompt: "p\($0)") },
            metadata: ["k": "v"], maxConcurrency: 2
        ).validated(for: id(1), model: model())
        let plan = try BatchPlan.make(
            request, model: model(), priceVersion: 3, wallet: wallet([lot(1, paid: 1, face: 29_950_000)]),
            estimate: LaneEstimate(etaSeconds: 100), at: moment(0), ids: Numbered())
        #expect(plan.batch.unitPrice == veoPrice && plan.batch.priceVersion == 3)
        #expect(plan.batch.windowEndsAt == moment(86_400_000))
        #expect(plan.batch.status == .queued && plan.batch.counts.queued == 5)
        #expect(plan.hold.total == plan.batch.frozen)
        #expect(plan.tasks.map(\.index) == [0, 1, 2, 3, 4])
        #expect(plan.tasks.map(\.specification) == request.tasks)
        #expect(plan.tasks.allSatisfy { $0.state == .queued && $0.batch == plan.batch.id && $0.dueAt == moment(0) })
        #expect(throws: FreezeRefusal.self) {
            try BatchPlan.make(
                request, model: model(), priceVersion: 3, wallet: wallet([]), estimate: LaneEstimate(etaSeconds: 1),
                at: moment(0), ids: Numbered())
        }
    }
}
