import Testing

/// Who may import whom. The build checks imports against `Package.swift`; this table stands here a second time so that
/// a new arrow is a decision that somebody sees, and because the toolchain's own modules are not in `Package.swift`.
struct ImportTests {
    private static let platform: Set<String> = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]
    private static let nio: Set<String> = ["NIOCore", "NIOHTTP1", "NIOFoundationCompat", "NIOPosix"]
    private static let hummingbird: Set<String> = ["Hummingbird", "HummingbirdCore", "HTTPTypes"]
    private static let rules: Set<String> = ["RushesCore", "RushesDatabase", "RushesStore", "RushesEngine"]

    private static let allowed: [String: Set<String>] = [
        "RushesCore": [],
        "RushesWire": ["RushesCore", "Foundation", "FoundationEssentials"],
        "RushesDatabase": ["RushesCore"],
        "RushesSQLite": platform.union(["RushesCore", "RushesDatabase", "GRDB", "GRDBSQLite"]),
        "RushesPostgres": platform.union(["RushesCore", "RushesDatabase", "CLibPQ"]),
        "RushesStore": platform.union(["RushesCore", "RushesDatabase", "Crypto"]),
        "RushesEngine": platform.union(
            ["RushesCore", "RushesDatabase", "RushesStore", "Crypto", "Logging", "Metrics", "ServiceLifecycle"]),
        "RushesBlobs": platform.union(["Dispatch", "RushesCore", "RushesEngine", "Crypto", "SystemPackage"]),
        "RushesProviders": platform.union(nio).union(["RushesCore", "RushesEngine", "AsyncHTTPClient", "CryptoExtras"]),
        "RushesProcesses": platform,
        "RushesMedia": platform.union(["RushesCore", "RushesEngine", "RushesProcesses"]),
        "RushesWebhooks": platform.union(nio).union(["RushesCore", "RushesEngine", "NIOSSL", "NIOTLS"]),
        "RushesTelemetry": platform.union(["Logging", "CoreMetrics"]),
        "RushesSandbox": platform.union(nio).union(hummingbird).union([
            "RushesProcesses", "AsyncHTTPClient", "Crypto", "CryptoExtras", "Logging", "ServiceLifecycle",
        ]),
        "RushesHTTP": platform.union(nio).union(hummingbird).union(
            [
                // RushesDatabase for its errors, which the edge translates.
                "RushesCore", "RushesWire", "RushesDatabase", "RushesStore", "RushesEngine", "Crypto", "Logging",
                "Metrics",
                "ServiceLifecycle",
            ]),
        "RushesClient": platform.union(nio).union(
            ["RushesCore", "RushesWire", "AsyncHTTPClient", "Crypto", "SystemPackage"]),
        "RushesServer": platform.union(nio).union(hummingbird).union(rules).union(
            [
                "RushesWire", "RushesSQLite", "RushesPostgres", "RushesBlobs", "RushesMedia", "RushesProcesses",
                "RushesProviders", "RushesWebhooks", "RushesTelemetry", "RushesSandbox", "RushesHTTP",
                "AsyncHTTPClient", "Configuration", "Crypto", "Logging", "Metrics", "ServiceLifecycle",
                "CoreMetrics", "SystemPackage", "UnixSignals", "Yams",
            ]),
        "rushes": platform.union(
            [
                "RushesCore", "RushesWire", "RushesEngine", "RushesClient", "RushesWebhooks", "RushesServer",
                "RushesSandbox", "RushesProcesses", "ArgumentParser", "Logging", "ServiceLifecycle", "UnixSignals",
            ]),
        "RushesSimulation": platform.union(rules).union(["RushesSQLite", "Crypto", "Logging"]),
        "RushesTesting": platform.union(rules).union(
            ["RushesSQLite", "RushesPostgres", "RushesSimulation", "Crypto", "Logging", "Testing"]),
        "rushes-simulate": platform.union(["RushesCore", "RushesSimulation", "ArgumentParser"]),
        "rushes-bench": platform.union(rules).union(
            [
                "RushesSQLite", "RushesPostgres", "CLibPQ", "RushesBlobs", "RushesHTTP", "RushesSimulation",
                "ArgumentParser", "GRDBSQLite", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore",
                "ServiceLifecycle",
            ]),
    ]

    @Test("A target imports only what its layer allows")
    func imports() throws {
        let importing = try Regex<(Substring, Substring)>(
            #"^(?:@\w+ )*(?:(?:package|public|internal|private|fileprivate) )?import (?:[a-z]+ )?(\w+)"#
        )
        var findings: [Finding] = []
        for file in SourceTree.current.swift(under: "Sources") {
            guard let allowed = Self.allowed[file.target] else {
                findings.append(Finding(file, "add a line for \(file.target) to the table in ImportTests.swift"))
                continue
            }
            for (index, line) in (file.swift?.code ?? []).enumerated() {
                guard let module = line.firstMatch(of: importing)?.1, !allowed.contains(String(module)) else {
                    continue
                }
                findings.append(
                    Finding(
                        file, line: index + 1,
                        "\(file.target) does not import \(module): docs/adr/0001 says where such code belongs"))
            }
        }
        expectNone(findings)
    }
}
