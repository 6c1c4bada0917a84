// swift-tools-version: 6.2

import PackageDescription

// One package, one target for each layer: docs/adr/0001 has the picture and the reasons.

let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

extension Target.Dependency {
    static let argumentParser = Self.product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = Self.product(name: "AsyncHTTPClient", package: "async-http-client")
    static let configuration = Self.product(name: "Configuration", package: "swift-configuration")
    static let coreMetrics = Self.product(name: "CoreMetrics", package: "swift-metrics")
    static let crypto = Self.product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = Self.product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = Self.product(name: "GRDB", package: "GRDB.swift")
    static let sqlite = Self.product(name: "GRDBSQLite", package: "GRDB.swift")
    static let httpTypes = Self.product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = Self.product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = Self.product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = Self.product(name: "HummingbirdTesting", package: "hummingbird")
    static let logging = Self.product(name: "Logging", package: "swift-log")
    static let metrics = Self.product(name: "Metrics", package: "swift-metrics")
    static let nioCore = Self.product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = Self.product(name: "NIOEmbedded", package: "swift-nio")
    static let nioFoundation = Self.product(name: "NIOFoundationCompat", package: "swift-nio")
    static let nioHTTP1 = Self.product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = Self.product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = Self.product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioTLS = Self.product(name: "NIOTLS", package: "swift-nio")
    static let serviceLifecycle = Self.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let systemPackage = Self.product(name: "SystemPackage", package: "swift-system")
    static let unixSignals = Self.product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = Self.product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "rushes",
    products: [
        .executable(name: "rushes", targets: ["rushes"]),
        .executable(name: "rushes-simulate", targets: ["rushes-simulate"]),
        .executable(name: "rushes-bench", targets: ["rushes-bench"]),
    ],
    dependencies: [
        // docs/adr/0002 has a line on each of these.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Pure rules and the wire contract.
        .target(name: "RushesCore", swiftSettings: house),
        .target(name: "RushesWire", dependencies: ["RushesCore"], swiftSettings: house),

        // The database: port, driver, SQL.
        .target(name: "RushesDatabase", dependencies: ["RushesCore"], swiftSettings: house),
        .target(
            name: "RushesSQLite", dependencies: ["RushesCore", "RushesDatabase", .grdb, .sqlite], swiftSettings: house),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "RushesPostgres", dependencies: ["CLibPQ", "RushesCore", "RushesDatabase"], swiftSettings: house),
        .target(name: "RushesStore", dependencies: ["RushesCore", "RushesDatabase", .crypto], swiftSettings: house),

        // Use cases, workers and the ports that they need.
        .target(
            name: "RushesEngine",
            dependencies: [
                "RushesCore", "RushesDatabase", "RushesStore", .crypto, .logging, .metrics, .serviceLifecycle,
            ],
            swiftSettings: house
        ),

        // Adapters.
        .target(
            name: "RushesBlobs",
            dependencies: ["RushesCore", "RushesEngine", .crypto, .systemPackage],
            swiftSettings: house
        ),
        .target(
            name: "RushesProviders",
            dependencies: [
                "RushesCore", "RushesEngine", .asyncHTTPClient, .cryptoExtras, .nioCore, .nioHTTP1, .nioFoundation,
            ],
            swiftSettings: house
        ),
        .target(name: "RushesProcesses", swiftSettings: house),
        .target(
            name: "RushesMedia", dependencies: ["RushesCore", "RushesEngine", "RushesProcesses"], swiftSettings: house),
        .target(
            name: "RushesWebhooks",
            dependencies: ["RushesCore", "RushesEngine", .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .nioTLS],
            swiftSettings: house
        ),
        .target(name: "RushesTelemetry", dependencies: [.logging, .coreMetrics], swiftSettings: house),
        .target(
            name: "RushesSandbox",
            dependencies: [
                "RushesProcesses", .asyncHTTPClient, .crypto, .cryptoExtras, .hummingbird, .hummingbirdCore, .httpTypes,
                .logging, .nioCore, .nioHTTP1, .nioPosix, .serviceLifecycle,
            ],
            resources: ["1280x720", "720x1280"].flatMap { size in
                ["clip-\(size)-4s.mp4", "clip-\(size)-6s.mp4", "clip-\(size)-8s.mp4", "clip-\(size)-12s.mp4"]
                    + ["thumbnail-\(size).webp", "spritesheet-\(size).jpg"]
            }.map { .embedInCode("Resources/\($0)") },
            swiftSettings: house
        ),

        // The edge.
        .target(
            name: "RushesHTTP",
            dependencies: [
                "RushesCore", "RushesWire", "RushesDatabase", "RushesStore", "RushesEngine", .crypto, .hummingbird,
                .hummingbirdCore, .httpTypes, .logging, .metrics, .nioCore, .nioHTTP1, .serviceLifecycle,
            ],
            resources: [.embedInCode("Resources/openapi.json")],
            swiftSettings: house
        ),
        .target(
            name: "RushesClient",
            dependencies: ["RushesWire", .asyncHTTPClient, .crypto, .nioCore, .nioHTTP1, .systemPackage],
            swiftSettings: house
        ),

        // Wiring and the command line.
        .target(
            name: "RushesServer",
            dependencies: [
                "RushesCore", "RushesWire", "RushesDatabase", "RushesSQLite", "RushesPostgres", "RushesStore",
                "RushesEngine", "RushesBlobs", "RushesMedia", "RushesProcesses", "RushesProviders", "RushesTelemetry",
                "RushesSandbox", "RushesWebhooks", "RushesHTTP",
                .asyncHTTPClient, .configuration, .coreMetrics, .crypto, .hummingbird, .hummingbirdCore, .httpTypes,
                .logging,
                .metrics,
                .nioCore, .nioPosix, .serviceLifecycle, .systemPackage, .unixSignals, .yams,
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "rushes",
            dependencies: [
                "RushesCore", "RushesWire", "RushesEngine", "RushesClient", "RushesWebhooks", "RushesServer",
                "RushesSandbox", "RushesProcesses", .argumentParser, .logging, .serviceLifecycle, .unixSignals,
            ],
            swiftSettings: house
        ),

        // Development: the simulated world, conformance suites, tools.
        .target(
            name: "RushesSimulation",
            dependencies: [
                "RushesCore", "RushesDatabase", "RushesSQLite", "RushesStore", "RushesEngine", .crypto, .logging,
            ],
            swiftSettings: house
        ),
        .target(
            name: "RushesTesting",
            dependencies: [
                "RushesCore", "RushesDatabase", "RushesSQLite", "RushesPostgres", "RushesStore", "RushesEngine",
                "RushesSimulation", .crypto, .logging,
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "rushes-simulate",
            dependencies: ["RushesCore", "RushesSimulation", .argumentParser],
            swiftSettings: house
        ),
        .executableTarget(
            name: "rushes-bench",
            dependencies: [
                "CLibPQ", "RushesCore", "RushesDatabase", "RushesSQLite", "RushesPostgres", "RushesStore",
                "RushesEngine", "RushesBlobs", "RushesHTTP", "RushesSimulation", .argumentParser, .hummingbird,
                .hummingbirdCore, .logging, .nioCore, .serviceLifecycle, .sqlite,
            ],
            swiftSettings: house
        ),

        // Tests.
        .testTarget(name: "RushesCoreTests", dependencies: ["RushesCore"], swiftSettings: house),
        .testTarget(name: "RushesWireTests", dependencies: ["RushesCore", "RushesWire"], swiftSettings: house),
        .testTarget(
            name: "RushesStoreTests",
            dependencies: [
                "RushesCore", "RushesDatabase", "RushesSQLite", "RushesPostgres", "RushesStore", "RushesTesting",
                .crypto,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesEngineTests",
            dependencies: [
                "RushesCore", "RushesDatabase", "RushesSQLite", "RushesStore", "RushesEngine", "RushesSimulation",
                "RushesTesting", .logging,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesAdapterTests",
            dependencies: [
                "RushesCore", "RushesEngine", "RushesBlobs", "RushesMedia", "RushesProviders", "RushesTelemetry",
                "RushesSandbox", "RushesSimulation", "RushesTesting", .asyncHTTPClient, .coreMetrics, .hummingbird,
                .hummingbirdCore,
                .httpTypes, .logging, .nioCore, .nioHTTP1, .nioPosix, .serviceLifecycle, .systemPackage,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesWebhooksTests",
            dependencies: [
                "RushesCore", "RushesWire", "RushesEngine", "RushesWebhooks", "RushesSimulation", "RushesTesting",
                .nioCore, .nioPosix, .nioSSL,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesFaultMatrixTests",
            dependencies: [
                "RushesBlobs", "RushesCore", "RushesDatabase", "RushesSQLite", "RushesStore", "RushesEngine",
                "RushesMedia", "RushesProviders", "RushesSandbox", "RushesSimulation", "RushesTesting",
                .asyncHTTPClient, .logging, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .serviceLifecycle,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesSandboxTests",
            dependencies: [
                "RushesSandbox", .asyncHTTPClient, .cryptoExtras, .hummingbird, .hummingbirdTesting, .httpTypes,
                .logging, .nioCore,
                .serviceLifecycle,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesHTTPTests",
            dependencies: [
                "RushesCore", "RushesWire", "RushesDatabase", "RushesSQLite", "RushesStore", "RushesEngine",
                "RushesHTTP",
                "RushesSimulation", "RushesTesting", .crypto, .hummingbird, .hummingbirdTesting, .httpTypes, .logging,
                .nioCore,
                .nioEmbedded, .nioHTTP1, .serviceLifecycle,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesServerTests",
            dependencies: [
                "RushesCore", "RushesWire", "RushesDatabase", "RushesStore", "RushesEngine", "RushesServer",
                "RushesSimulation", "RushesTesting", .logging,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesSimulationTests",
            dependencies: ["RushesCore", "RushesEngine", "RushesSimulation", "RushesTesting"],
            swiftSettings: house
        ),
        .testTarget(
            name: "RushesEndToEndTests",
            dependencies: ["RushesWire", "RushesClient", "rushes", .asyncHTTPClient, .nioCore, .nioHTTP1],
            swiftSettings: house
        ),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
