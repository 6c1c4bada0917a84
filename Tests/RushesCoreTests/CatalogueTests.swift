import RushesCore
import Testing

@Suite struct CatalogueTests {
    private let package = PackageOffer(id: "pack_2000", paid: dollars(2_000_000_000), face: credits(2_276_200_000))

    private func defects(_ models: VideoModel..., packages: [PackageOffer]? = nil) -> [String] {
        Catalogue(models: models, packages: packages ?? [package]).defects
    }

    @Test func aRightCatalogueHasNone() {
        #expect(defects(model(), model("sora-2", price: soraPrice, minBatch: 10)).isEmpty)
        #expect(defects(model(price: credits(1), minBatch: 1, maxBatch: 1), packages: []).isEmpty)
        #expect(defects(model(price: credits(Limits.unitPriceMicrosMax))).isEmpty)
    }

    @Test func everyRuleIsChecked() {
        let wrong: [VideoModel] = [
            model(""), model("a:b"), model("a b"), model(String(repeating: "x", count: 65)), model(price: .zero),
            model(price: credits(Limits.unitPriceMicrosMax + 1)), model(minBatch: 0), model(minBatch: 11, maxBatch: 10),
            model(maxBatch: 10_001), model(seconds: []), model(seconds: [0]), model(seconds: [601]), model(sizes: []),
            model(sizes: ["1280"]), model(sizes: ["1280x"]), model(sizes: ["1280x720x1"]), model(sizes: ["15x720"]),
            model(sizes: ["+1280x720"]), model(sizes: ["9000x720"]), model(sla: 0), model(deadline: 0),
            model(deadline: 86_401), model(provider: ""), model(provider: "a:b"), model(inFlight: 0),
            model(inFlight: 100_001), model(perMinute: 0), model(perMinute: 1_000_001),
        ]
        for (index, model) in wrong.enumerated() {
            #expect(!defects(model).isEmpty, "number \(index)")
        }
    }

    @Test func namesAreUniqueAndSomethingIsForSale() {
        #expect(defects().count == 1)
        #expect(defects(model(), model()).count == 1)
        #expect(defects(model(), packages: [package, package]).count == 1)
        let free = PackageOffer(id: "free", paid: .zero, face: credits(1))
        let empty = PackageOffer(id: "empty", paid: dollars(1), face: .zero)
        let vast = PackageOffer(id: "vast", paid: dollars(1), face: credits(Limits.lotMicrosMax + 1))
        #expect(defects(model(), packages: [free, empty, vast]).count == 3)
    }

    @Test func entriesAreFoundByTheirNames() {
        let catalogue = Catalogue(models: [model("a"), model("b")], packages: [package])
        #expect(catalogue.model("b")?.id == "b")
        #expect(catalogue.model("c") == nil)
        #expect(catalogue.package("pack_2000") == package)
        #expect(catalogue.package("x") == nil)
        #expect(model("b").route.lane == LaneID("sandbox:b"))
    }
}
