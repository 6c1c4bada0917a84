import RushesCore
import Testing

/// The cases of one test run one after the other, so that the other tests of the run get their turns.
@Suite("The fault matrix: every fault of a provider at every call")
struct FaultMatrixTests {
    @Test("a create meets a fault", .serialized, arguments: FaultMatrix.cases(.submit))
    func submit(_ case: MatrixCase) async throws { try await expect(`case`) }

    @Test("a poll meets a fault", .serialized, arguments: FaultMatrix.cases(.poll))
    func poll(_ case: MatrixCase) async throws { try await expect(`case`) }

    @Test("a download meets a fault", .serialized, arguments: FaultMatrix.cases(.content))
    func content(_ case: MatrixCase) async throws { try await expect(`case`) }

    @Test(
        "a call in Veo's Gemini form meets a fault", .serialized,
        arguments: MatrixCall.allCases.flatMap { FaultMatrix.cases($0, .gemini) })
    func gemini(_ case: MatrixCase) async throws { try await expect(`case`) }

    @Test(
        "with a second route, a job that failed goes there, and nothing of which nobody knows does", .serialized,
        arguments: FaultMatrix.spareCases.indices)
    func spare(_ index: Int) async throws {
        let (wanted, spareCreates) = FaultMatrix.spareCases[index]
        let (result, provider, spare) = try await MatrixWorld.runWithSpare(wanted)
        try expect(wanted, result, provider)
        #expect(spare.creates(of: MatrixProvider.prompts[0]).count == spareCreates, "\(wanted.testDescription)")
        #expect(spare.creates(of: MatrixProvider.prompts[1]).isEmpty)
    }

    @Test("no cell is missing")
    func complete() {
        #expect(FaultMatrix.rows.map(\.fault.rawValue).sorted() == WireFault.allCases.map(\.rawValue).sorted())
        for row in FaultMatrix.rows {
            for call in MatrixCall.allCases {
                switch row.cell(call) {
                case .pointless(let reason): #expect(!reason.isEmpty)
                case .expects(let expected): #expect(!expected.isEmpty, "\(row.fault), \(call)")
                }
            }
        }
        let cells = WireFault.allCases.count * MatrixCall.allCases.count
        let cases = MatrixCall.allCases.flatMap { FaultMatrix.cases($0) }
        let played = Set(cases.map { "\($0.call) \($0.fault)" }).count
        // docs/providers.md gives these numbers.
        #expect([cells, played, cases.count] == [153, 134, 281])
        #expect(MatrixCall.allCases.flatMap { FaultMatrix.cases($0, .gemini) }.count == 115)
    }

    private func expect(_ case: MatrixCase) async throws {
        let (result, provider) = try await MatrixWorld.run(`case`)
        try expect(`case`, result, provider)
    }

    private func expect(_ case: MatrixCase, _ result: MatrixResult, _ provider: MatrixProvider) throws {
        let expected = `case`.expectation
        let marked = try #require(result.tasks.first)
        let neighbour = try #require(result.tasks.last)
        #expect(provider.met > 0, "no call met the fault")
        #expect(marked.state == (expected.failure == nil ? .succeeded : .failed))
        #expect(marked.failure?.type == expected.failure)
        let creates = provider.creates(of: MatrixProvider.prompts[0])
        #expect(expected.creates.contains(creates.count), "\(creates.count) creates")
        if let first = creates.first, creates.count > 1 {
            #expect(creates[1].milliseconds(since: first) >= expected.pauseSeconds * 1_000)
        }
        #expect(neighbour.state == .succeeded)
        #expect(provider.creates(of: MatrixProvider.prompts[1]).count == 1)
        expectMoney(result, delivered: expected.failure == nil ? 2 : 1)
        #expect(result.violations == [])
    }

    private func expectMoney(_ result: MatrixResult, delivered: Int64) {
        let charged = delivered * MatrixWorld.priceMicros
        #expect(result.batch.status == (delivered == 2 ? .completed : .partial))
        #expect(result.batch.charged.micros == charged)
        #expect(result.batch.refunded.micros == (2 - delivered) * MatrixWorld.priceMicros)
        #expect(result.batch.held == .zero)
        #expect(result.walletMicros == [MatrixWorld.topUpMicros - charged, 0])
    }
}
