package import Logging
package import RushesCore
package import RushesDatabase
import RushesStore

/// What every use case and worker works with: the database, the outside world through its ports, and the signals.
package struct Engine: Sendable {
    /// The database.
    package let database: any Database
    /// Where videos are kept.
    package let blobs: any BlobStore
    /// The provider accounts by name.
    package let providers: ProviderDirectory
    /// What looks into videos and makes images of them.
    package let media: any MediaTools
    /// Time, identifiers, chance.
    package let environment: Environment
    /// Wakes workers.
    package let signals: WakeSignals
    /// The catalogue in force.
    package let catalogues: Catalogues
    /// Requests of customers answered since the last heartbeat.
    package let requests = RequestTally()
    /// The status that was read last.
    let rememberedStatus = RememberedStatus()
    /// Creations that wait for one wallet.
    let creations: Gathering<OrganizationID, BatchCreation, BatchReceipt>
    /// Where steps and failures are told.
    package let logger: Logger
    /// Calls to a provider at the same time, at most; 1 makes a step deterministic.
    package let fanOutWidth: Int
    /// Who sells, as invoices say it.
    package let seller: LegalEntity

    /// An engine from its parts.
    package init(
        database: any Database, blobs: any BlobStore, providers: ProviderDirectory, environment: Environment,
        media: any MediaTools = NoMediaTools(), signals: WakeSignals = WakeSignals(), logger: Logger,
        fanOutWidth: Int = 128, seller: LegalEntity = .unnamed
    ) {
        self.database = database
        self.blobs = blobs
        self.providers = providers
        self.media = media
        self.environment = environment
        self.signals = signals
        self.logger = logger
        self.fanOutWidth = fanOutWidth
        self.seller = seller
        catalogues = Catalogues()
        creations = Gathering(requestsMax: Limits.creationsTogetherMax, weightMax: Limits.tasksPerBatchMax) {
            $0.request.tasks.count
        }
    }

    /// A random number in `0 ..< 1000`, for jitter.
    func jitterPermille() -> Int64 { environment.random.below(1_000) }
}

/// The provider accounts that this installation can speak to, by the names that routes use.
package struct ProviderDirectory: Sendable {
    /// The name that everybody sees where the sandbox makes the videos.
    package static let sandboxName = "sandbox"

    private let accounts: [String: any VideoProvider]
    private let sandboxed: Set<String>

    /// A directory from accounts by name; `sandboxed` names those whose videos the sandbox makes.
    package init(_ accounts: [String: any VideoProvider], sandboxed: Set<String> = []) {
        self.accounts = accounts
        self.sandboxed = sandboxed
    }

    /// The account of a lane; nil when it is not configured, in which case its tasks wait.
    package func provider(for lane: LaneID) -> (any VideoProvider)? {
        accounts[lane.provider]
    }

    /// The name under which an account is shown: `sandbox` where no real provider makes the videos.
    package func shownName(of account: String) -> String {
        sandboxed.contains(account) ? Self.sandboxName : account
    }

    /// The names, sorted.
    package var names: [String] { accounts.keys.sorted() }
}
