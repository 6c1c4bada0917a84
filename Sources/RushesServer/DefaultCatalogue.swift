package import RushesCore

extension Catalogue {
    /// The built-in catalogue: the two models and three packages that Rushes is sold with.
    ///
    /// The lanes are wide where a sandbox makes the videos and as careful as a new provider account needs elsewhere.
    package static func builtIn(sandboxed: Bool) -> Catalogue {
        Catalogue(
            models: [
                VideoModel(
                    id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 10,
                    maxBatch: 10_000, seconds: [4], sizes: ["1280x720", "720x1280"], slaSeconds: 120,
                    deadlineSeconds: 120,
                    route: ProviderRoute(
                        provider: "openai", model: "sora-2", maxInFlight: sandboxed ? 200 : 20,
                        createsPerMinute: sandboxed ? 12_000 : 60),
                    unknownCreatePolicy: .resubmitOnce),
                VideoModel(
                    id: "veo-pro", displayName: "Veo Pro", unitPrice: Credits(micros: 5_990_000), minBatch: 5,
                    maxBatch: 10_000, seconds: [8, 4, 6], sizes: ["1280x720", "720x1280", "1920x1080", "1080x1920"],
                    slaSeconds: 600, deadlineSeconds: 600,
                    route: ProviderRoute(
                        provider: "veo", model: "veo-3.1-generate-001", maxInFlight: sandboxed ? 100 : 10,
                        createsPerMinute: sandboxed ? 12_000 : 50),
                    unknownCreatePolicy: .fail),
            ],
            packages: [
                PackageOffer(
                    id: "pack_2000", paid: Dollars(micros: 2_000_000_000), face: Credits(micros: 5_990_000) * 380),
                PackageOffer(
                    id: "pack_5000", paid: Dollars(micros: 5_000_000_000), face: Credits(micros: 5_990_000) * 1_050),
                PackageOffer(
                    id: "pack_10000", paid: Dollars(micros: 10_000_000_000), face: Credits(micros: 5_990_000) * 2_300),
            ])
    }
}
