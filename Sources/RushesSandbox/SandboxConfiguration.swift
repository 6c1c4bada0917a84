/// What a sandbox needs to know before it starts; nothing in it changes while it runs.
package struct SandboxConfiguration: Sendable {
    /// The address to listen on.
    package var host: String
    /// The port to listen on; 0 takes any free one.
    package var port: Int
    /// The folder of the journal and of the rendered clips; created when it is missing.
    package var dataDirectory: String
    /// What the drawn latencies are divided by; at least 0.01.
    package var speed: Double
    /// The only key that `/v1` accepts.
    package var apiKey: String
    /// Makes job ids, and with them all latencies, repeatable; nil draws random ids.
    package var seed: UInt64?
    /// The ffmpeg to render with; nil looks for one in `PATH` and the usual folders.
    package var ffmpegPath: String?
    /// The address under which clients reach it, without a slash at the end; nil says host and port.
    package var publicURL: String?
    /// Whether it plays Vertex AI: then there is a service account, whose key lies in the data directory.
    package var hasServiceAccount: Bool
    /// Where the ends of OpenAI videos are told; nil tells nobody.
    package var webhookURL: String?
    /// The secret that such events are signed with: `whsec_` and base64.
    package var webhookSecret: String
    /// What signs when nothing else is said.
    package static let webhookSecretDefault = "whsec_cnVzaGVzLXNhbmRib3gtc2lnbmluZy1rZXktMDAwMDE="

    /// Takes the values of the command line; the defaults are those of `rushes sandbox`.
    package init(
        host: String = "127.0.0.1",
        port: Int = 9100,
        dataDirectory: String,
        speed: Double = 1,
        apiKey: String = "sandbox",
        seed: UInt64? = nil,
        ffmpegPath: String? = nil,
        publicURL: String? = nil,
        hasServiceAccount: Bool = false,
        webhookURL: String? = nil,
        webhookSecret: String = webhookSecretDefault
    ) {
        self.host = host
        self.port = port
        self.dataDirectory = dataDirectory
        self.speed = max(speed, 0.01)
        self.apiKey = apiKey
        self.seed = seed
        self.ffmpegPath = ffmpegPath
        self.publicURL = publicURL
        self.hasServiceAccount = hasServiceAccount
        self.webhookURL = webhookURL
        self.webhookSecret = webhookSecret
    }
}
