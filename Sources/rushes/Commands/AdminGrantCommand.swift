import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin grant`
struct AdminGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Give credits away: a promotion, or a credit for a missed promise.",
        discussion: """
            Gifts are drawn before bought credits. What is left of one at its date goes; credits that a running batch \
            holds then stay its own, and can be used for 14 days more when they come back.
            """)

    @Argument(help: "The organization, org_...")
    var organization: String

    @Option(help: "promo or sla_credit.")
    var kind = "promo"

    @Option(help: "How many, in micro-credits (1000000 = $1).")
    var micros: Int64

    @Option(help: "The last day, such as 2026-12-31 (UTC), or a time like 2026-12-31T12:00:00Z.")
    var expires: String?

    @Option(help: "What the gift is unique by: the same one never grants twice.")
    var reference: String

    @Option(help: "Why; of an SLA credit its calculation.")
    var reason: String

    @OptionGroup var name: OperatorName
    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let expiresAt = expires.map { $0.count == 10 ? $0 + "T23:59:59.999Z" : $0 }
        let request = GrantRequest(
            organizationID: organization, kind: kind, faceMicros: micros, expiresAt: expiresAt, reference: reference,
            reason: reason, by: name.text)
        let grant = try await installation.withClient { try await $0.grant(request) }
        if installation.json { return try outputJSON(grant) }
        output(
            "\(grant.id): \(dollars(grant.faceMicros)) as \(grant.kind), lot \(grant.lotID), "
                + (grant.expiresAt.map { "expires \($0)" } ?? "never expires"))
    }
}
