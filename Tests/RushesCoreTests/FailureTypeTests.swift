import RushesCore
import Testing

@Suite struct FailureTypeTests {
    @Test func theListIsClosedAndEachHasItsWords() {
        #expect(
            FailureType.allCases.map(\.rawValue) == [
                "invalid_request", "moderated", "provider_error", "provider_unavailable", "timed_out", "storage_error",
                "cancelled", "expired", "internal_error",
            ])
        #expect(Set(FailureType.allCases.map(\.message)).count == FailureType.allCases.count)
        #expect(Failure(.moderated, providerCode: "c").message == FailureType.moderated.message)
    }

    @Test(arguments: ProviderFault.Class.allCases)
    func onlyPassingFaultsAreWorthAnotherGeneration(class: ProviderFault.Class) {
        let passing: Set<ProviderFault.Class> = [.transient, .timeout, .unknown, .rateLimited]
        #expect(fault(`class`).isWorthAnotherGeneration == passing.contains(`class`))
        #expect(fault(`class`).failure.providerCode == "code")
    }
}
