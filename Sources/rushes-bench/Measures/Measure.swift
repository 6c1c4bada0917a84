import ArgumentParser

/// What `--only` takes, in the order of a whole run.
enum Measure: String, CaseIterable, ExpressibleByArgument {
    case commits, creation, path, freezes, mixed, claims, pickup, reads

    /// Measures one database.
    func figures(_ databases: BenchDatabases, _ sizes: BenchSizes) async throws -> [Figure] {
        switch self {
        case .commits: try await CommitMeasurement(databases: databases).run()
        case .creation: try await CreationMeasurement(databases: databases, sizes: sizes).run()
        case .path: try await PathMeasurement(databases: databases, sizes: sizes).run()
        case .freezes: try await FreezeMeasurement(databases: databases, seconds: sizes.seconds).run()
        case .mixed: try await MixedMoneyMeasurement(databases: databases, seconds: sizes.seconds).run()
        case .claims: try await ClaimMeasurement(databases: databases, backlog: sizes.backlog).run()
        case .pickup: try await PickupMeasurement(databases: databases, samples: sizes.pickups).run()
        case .reads: try await ReadMeasurement(databases: databases, sizes: sizes).run()
        }
    }

    var title: String {
        switch self {
        case .commits: "commits"
        case .creation: "creating a batch"
        case .path: "running a batch: claim, submit, poll, store, settle"
        case .freezes: "freezes: 16 callers, batches of 10"
        case .mixed: "16 callers on one wallet: freezes, settlements, purchases, corrections"
        case .claims: "claiming 16 tasks, by backlog"
        case .pickup: "pick-up of a new task when idle"
        case .reads: "reading a batch over HTTP"
        }
    }
}

/// How much is measured.
struct BenchSizes: Sendable {
    let tasks: Int
    let creations: Int
    let runs: Int
    let seconds: Int
    let backlog: Int
    let pickups: Int
}
