/// Every limit of the sandbox, by name.
enum SandboxLimits {
    static let bodyBytesMax = 20 * 1024 * 1024
    static let promptCharactersMax = 32_000
    static let headerTagCharactersMax = 128
    static let listPageDefault = 20
    static let listPageMax = 100
    static let storagePageMax = 100
    static let tokenLifetimeMilliseconds: UnixMilliseconds = 3_600_000
    static let webhookLookMilliseconds = 100
    static let webhookLateSeconds = 3
    static let webhookAttempts = 3
    /// How long a hanging call is held before its connection is closed.
    static let hangSecondsMax = 120
    static let contentLifetimeMilliseconds: UnixMilliseconds = 3_600_000
    static let slowSecondsMax = 86_400.0
    /// How long after the deadline a `[sim:late]` job completes.
    static let lateMilliseconds: UnixMilliseconds = 30_000
    /// How often `[sim:429]` refuses a task before it accepts it.
    static let throttlesPerTask = 2
    static let clipsPerFormatMax = 64
    static let rendersAtOnce = 2
    static let renderSecondsMax = 120
    static let pollHintMillisecondsMin = 50.0
    static let pollHintMillisecondsMax = 5_000.0
    static let trafficSnapshotMilliseconds: UnixMilliseconds = 1_000
}
