import RushesCore
import Testing

@Suite struct ReconcileMatchTests {
    private func job(
        _ name: String?, at: Int64 = 0, model: String? = "veo-pro", prompt: String? = "p", seconds: Int? = 8,
        size: String? = "1280x720"
    ) -> ListedJob {
        ListedJob(
            id: name.map { ProviderJobID($0) }, createdAt: moment(at), model: model, prompt: prompt,
            seconds: seconds, size: size)
    }

    private func candidates(_ jobs: ListedJob...) -> [String] {
        ReconcileMatch.candidates(for: task(.submitting), startedAt: moment(0), among: jobs)
            .map { $0.id?.rawValue ?? "nameless" }
    }

    @Test func aCandidateAgreesInEverythingThatItTells() {
        #expect(candidates(job("a"), job("b", model: nil, prompt: nil, seconds: nil, size: nil)) == ["a", "b"])
        #expect(candidates(job("a", model: "veo-pro-2026-11-01")) == ["a"])
        #expect(
            candidates(
                job("a", model: "veo-professional"), job("b", prompt: "q"), job("c", seconds: 4),
                job("d", size: "720x1280")) == [])
        #expect(candidates(job("a", at: -5_000), job("b", at: -5_001), job("c", at: 99_000)) == ["a", "c"])
    }

    @Test func theOldestOfTheCertainOnesOrTheOnlyOneIsAdopted() {
        #expect(ReconcileMatch.choice(among: []) == nil)
        #expect(ReconcileMatch.choice(among: [job("b", at: 2), job("a", at: 1)])?.id == ProviderJobID("a"))
        #expect(ReconcileMatch.choice(among: [job("b"), job("a")])?.id == ProviderJobID("a"))
        #expect(ReconcileMatch.choice(among: [job("a", prompt: nil)])?.id == ProviderJobID("a"))
        #expect(ReconcileMatch.choice(among: [job("a", prompt: nil), job("b", prompt: nil)]) == nil)
        #expect(ReconcileMatch.choice(among: [job("a", prompt: nil), job("b", at: 9)])?.id == ProviderJobID("b"))
    }

    @Test func aJobWithoutANameIsACandidateThatNobodyAdopts() {
        #expect(candidates(job(nil), job(nil, prompt: "q"), job(nil, at: -5_001)) == ["nameless"])
        for prompt in ["p", nil] {
            #expect(ReconcileMatch.choice(among: [job(nil, prompt: prompt)]) == nil)
            let sure = ReconcileMatch.choice(among: [job(nil, at: -1, prompt: prompt), job("a")])
            #expect(sure?.id == ProviderJobID("a"), "either may be the task's, and one of them has a name")
            #expect(ReconcileMatch.choice(among: [job(nil, prompt: prompt), job("a", prompt: nil)]) == nil)
        }
    }
}
