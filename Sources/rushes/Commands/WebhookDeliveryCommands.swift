import ArgumentParser
import RushesClient
import RushesWire

/// `rushes webhooks deliveries`
struct WebhookDeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "Show what was sent to an endpoint, the newest first.")

    @Argument(help: "The endpoint, wep_...")
    var endpoint: String

    @Option(help: "pending, sending, held, succeeded, exhausted, skipped or cancelled.")
    var state: String?

    @Option(help: "How many.")
    var limit = 100

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let deliveries = try await customer.withClient { client in
            try await pages(limit: limit) { limit, cursor in
                try await client.webhookDeliveries(to: endpoint, state: state, limit: limit, cursor: cursor)
            }
        }
        if customer.json { return try outputJSON(deliveries) }
        deliveryTable(deliveries.data).forEach(output)
    }
}

/// `rushes webhooks delivery`
struct WebhookDeliveryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delivery", abstract: "Show a delivery with its attempts and its body.")

    @Argument(help: "The delivery, dlv_...")
    var delivery: String

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let delivery = try await customer.withClient { try await $0.webhookDelivery(self.delivery) }
        if customer.json { return try outputJSON(delivery) }
        deliveryTable([delivery]).forEach(output)
        attemptTable(delivery.attemptLog ?? []).forEach(output)
        let removed = delivery.expungedAt.map { "its attempts and its body were removed at \($0)" }
        output(delivery.body ?? removed ?? "")
    }
}

/// `rushes webhooks resend`
struct WebhookResendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Send a delivery once more, with the same id and the same bytes.")

    @Argument(help: "The delivery, dlv_...")
    var delivery: String

    @Flag(name: .customLong("include-succeeded"), help: "Also one that was taken.")
    var includesSucceeded = false

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let made = try await customer.withClient { client in
            try await client.resendWebhookDelivery(delivery, includeSucceeded: includesSucceeded)
        }
        if customer.json { return try outputJSON(made) }
        deliveryTable([made]).forEach(output)
    }
}

/// `rushes webhooks recover`
struct WebhookRecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract:
            "Send once more what an endpoint did not get since a time, also what was skipped while it was disabled."
    )

    @Argument(help: "The endpoint, wep_...")
    var endpoint: String

    @Option(help: "From which time on, as 2026-12-01T00:00:00Z; at most 30 days ago.")
    var since: String

    @Option(help: "To which time (default now).")
    var until: String?

    @Flag(name: .customLong("dry-run"), help: "Only count.")
    var isDryRun = false

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let request = WebhookRecoverRequest(since: since, until: until, dryRun: isDryRun)
        let recovery = try await customer.withClient { try await $0.recoverWebhookEvents(endpoint, request) }
        if customer.json { return try outputJSON(recovery) }
        output(recovery.id.map { "\($0) sends \(recovery.total) events" } ?? "\(recovery.total) events would be sent")
    }
}

/// `rushes webhooks test`
struct WebhookTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a sample to an endpoint and show what came of it.")

    @Argument(help: "The endpoint, wep_...")
    var endpoint: String

    @Option(help: "Of which event (default webhook.ping).")
    var type: String?

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let delivery = try await customer.withClient { try await $0.testWebhookEndpoint(endpoint, type: type) }
        if customer.json {
            try outputJSON(delivery)
        } else {
            attemptTable(delivery.attemptLog ?? []).forEach(output)
        }
        if delivery.state != "succeeded" { throw ExitCode(ExitStatus.error.rawValue) }
    }
}

/// The lines of a table of deliveries.
private func deliveryTable(_ deliveries: [WebhookDeliveryBody]) -> [String] {
    var table = Table([
        ("DELIVERY", .left), ("EVENT", .left), ("STATE", .left), ("ATTEMPTS", .right), ("FAILURE", .left),
        ("CREATED", .left),
    ])
    for one in deliveries {
        table.add([
            one.id, one.type, one.state, "\(one.attempts)/\(one.attemptsMax)", one.failure ?? "", one.createdAt,
        ])
    }
    return table.lines
}

/// The lines of a table of attempts.
private func attemptTable(_ attempts: [WebhookAttemptBody]) -> [String] {
    var table = Table([
        ("NO", .right), ("STARTED", .left), ("STATUS", .right), ("MS", .right), ("ADDRESS", .left), ("FAILURE", .left),
    ])
    for one in attempts {
        table.add([
            String(one.number), one.startedAt, one.status.map(String.init) ?? "", String(one.totalMilliseconds),
            one.remoteAddress ?? "", one.failure ?? "",
        ])
    }
    return table.lines
}
