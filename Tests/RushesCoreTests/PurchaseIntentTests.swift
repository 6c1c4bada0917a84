import RushesCore
import Testing

@Suite struct PurchaseIntentTests {
    private func intent(_ state: PurchaseIntent.State) -> PurchaseIntent {
        PurchaseIntent(
            id: id(1), organization: id(1), requestID: "r",
            offer: PurchaseOffer(package: "pack_2000", paid: dollars(2), face: credits(3)), createdAt: moment(0),
            state: state, changedAt: moment(0))
    }

    @Test func threeChangesAreAllowedAndNoOther() {
        let allowed: [[PurchaseIntent.State]] = [
            [.pending, .granted], [.pending, .cancelled], [.granted, .refunded],
        ]
        for from in PurchaseIntent.State.allCases {
            for to in PurchaseIntent.State.allCases {
                var intent = intent(from)
                if allowed.contains([from, to]) {
                    #expect(throws: Never.self) { try intent.become(to, at: moment(1)) }
                    #expect(intent.state == to && intent.changedAt == moment(1))
                } else {
                    #expect(throws: IllegalPurchaseChange(from: from, to: to)) { try intent.become(to, at: moment(1)) }
                    #expect(intent == self.intent(from))
                }
            }
        }
    }

    @Test func anotherOrderUnderTheSameKeyIsNamedByItsMember() {
        let package = intent(.pending)
        #expect(package.firstDifference(from: .package("pack_2000")) == nil)
        #expect(package.firstDifference(from: .package("pack_5000")) == "/package")
        #expect(package.firstDifference(from: .topup(credits(3))) == "/topup_micros")
    }

    @Test func anOfferIsWhatTheCatalogueSays() throws {
        let catalogue = Catalogue(
            models: [], packages: [PackageOffer(id: "p", paid: dollars(20), face: credits(30))])
        #expect(
            try catalogue.offer(for: .package("p")) == PurchaseOffer(package: "p", paid: dollars(20), face: credits(30))
        )
        #expect(try catalogue.offer(for: .topup(credits(7))).origin == .topup)
        #expect(throws: PurchaseRefusal.unknownPackage("q")) { try catalogue.offer(for: .package("q")) }
        for micros in [0, -1, Limits.lotMicrosMax + 1] {
            #expect(throws: PurchaseRefusal.invalidTopup(micros: micros)) {
                try catalogue.offer(for: .topup(credits(micros)))
            }
        }
    }
}
