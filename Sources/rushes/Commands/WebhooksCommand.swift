import ArgumentParser
import RushesClient
import RushesWire

/// `rushes webhooks`
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks", abstract: "Manage the endpoints that are told of events.",
        subcommands: [
            List.self, Create.self, Show.self, Change.self, Delete.self, Disable.self, Enable.self, Rotate.self,
            WebhookDeliveriesCommand.self, WebhookDeliveryCommand.self, WebhookResendCommand.self,
            WebhookRecoverCommand.self, WebhookTestCommand.self,
        ], defaultSubcommand: List.self)

    /// `rushes webhooks list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the endpoints.")

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let endpoints = try await customer.withClient { try await $0.webhookEndpoints() }
            if customer.json { return try outputJSON(endpoints) }
            endpointTable(endpoints.data).forEach(output)
        }
    }

    /// `rushes webhooks create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an endpoint; its secret is shown once, on the last line.")

        @Argument(help: "Where messages go, https://...")
        var url: String

        @OptionGroup var choices: WebhookChoices
        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let request = choices.request(url: url)
            let endpoint = try await customer.withClient { try await $0.createWebhookEndpoint(request) }
            if customer.json { return try outputJSON(endpoint) }
            endpointTable([endpoint]).forEach(output)
            output(endpoint.secret?.secret ?? "")
        }
    }

    /// `rushes webhooks show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an endpoint and how it stands.")

        @Argument(help: "The endpoint, wep_...")
        var endpoint: String

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let endpoint = try await customer.withClient { try await $0.webhookEndpoint(self.endpoint) }
            if customer.json { return try outputJSON(endpoint) }
            endpointTable([endpoint]).forEach(output)
            output("events: \(endpoint.eventTypes.joined(separator: ", "))")
            output("retries: \(endpoint.retryProfile)")
            output("rate: \(endpoint.maxPerSecond)/s, \(endpoint.maxInFlight) at the same time")
            if let at = endpoint.lastSuccessAt { output("last success: \(at)") }
            if let at = endpoint.firstFailureAt {
                output("failing since \(at), \(endpoint.failedAttempts) attempts")
            }
            if let at = endpoint.nextPingAt { output("held; next ping at \(at)") }
            if let at = endpoint.disablesAt { output("will be disabled at \(at) unless it takes something") }
        }
    }

    /// `rushes webhooks change`
    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an endpoint; what is not given stays as it is.")

        @Argument(help: "The endpoint, wep_...")
        var endpoint: String

        @Option(help: "Where messages go, https://...")
        var url: String?

        @OptionGroup var choices: WebhookChoices
        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let request = choices.request(url: url)
            let endpoint = try await customer.withClient { try await $0.changeWebhookEndpoint(self.endpoint, request) }
            try show(endpoint, asJSON: customer.json)
        }
    }

    /// `rushes webhooks delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an endpoint; what waits for it is cancelled.")

        @Argument(help: "The endpoint, wep_...")
        var endpoint: String

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            try await customer.withClient { try await $0.deleteWebhookEndpoint(endpoint) }
            if !customer.json { output("\(endpoint) deleted") }
        }
    }

    /// `rushes webhooks disable`
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop sending to an endpoint; events are kept as skipped.")

        @Argument(help: "The endpoint, wep_...")
        var endpoint: String

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let endpoint = try await customer.withClient { try await $0.disableWebhookEndpoint(self.endpoint) }
            try show(endpoint, asJSON: customer.json)
        }
    }

    /// `rushes webhooks enable`
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send to an endpoint again, once it takes a ping.")

        @Argument(help: "The endpoint, wep_...")
        var endpoint: String

        @Flag(help: "Also when it does not take the ping.")
        var force = false

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let endpoint = try await customer.withClient { client in
                try await client.enableWebhookEndpoint(self.endpoint, force: force)
            }
            try show(endpoint, asJSON: customer.json)
        }
    }

    /// `rushes webhooks rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new secret; the older ones sign beside it for a while.")

        @Argument(help: "The endpoint, wep_...")
        var endpoint: String

        @Option(
            name: .customLong("expire-previous-in"),
            help: ArgumentHelp("Until the older ones end; 0 at once (default a day).", valueName: "seconds"))
        var expirePreviousIn: Int?

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let secret = try await customer.withClient { client in
                try await client.rotateWebhookSecret(endpoint, expirePreviousIn: expirePreviousIn)
            }
            if customer.json { return try outputJSON(secret) }
            output(secret.secret ?? "")
        }
    }
}

/// What a customer chooses for an endpoint beside its address.
struct WebhookChoices: ParsableArguments {
    @Option(
        name: .customLong("event"),
        help: "An event, a family as batch.*, or *; again for more (default all but task.* and batch.progress).")
    var events: [String] = []

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: "contract: three attempts in about a minute; extended: ten in three days (default contract).")
    var retries: String?

    @Option(name: .customLong("max-per-second"), help: "Messages per second, at most (default 20).")
    var maxPerSecond: Int?

    @Option(name: .customLong("max-in-flight"), help: "Messages at the same time, at most (default 4).")
    var maxInFlight: Int?

    func request(url: String?) -> WebhookEndpointRequest {
        WebhookEndpointRequest(
            url: url, description: description, eventTypes: events.isEmpty ? nil : events, retryProfile: retries,
            maxPerSecond: maxPerSecond, maxInFlight: maxInFlight)
    }
}

/// Prints one endpoint.
private func show(_ endpoint: WebhookEndpointBody, asJSON isJSON: Bool) throws {
    if isJSON { return try outputJSON(endpoint) }
    endpointTable([endpoint]).forEach(output)
}

/// The lines of a table of endpoints.
private func endpointTable(_ endpoints: [WebhookEndpointBody]) -> [String] {
    var table = Table([("ENDPOINT", .left), ("STATE", .left), ("URL", .left), ("DESCRIPTION", .left)])
    for one in endpoints {
        let state = one.disableReason.map { "\(one.state) (\($0))" } ?? one.state
        table.add([one.id, state, one.url, one.description])
    }
    return table.lines
}
