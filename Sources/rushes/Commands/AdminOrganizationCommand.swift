import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin org`
struct AdminOrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Organizations.", subcommands: [Create.self, Show.self, Limit.self])

    /// `rushes admin org create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an organization with its first API key, which is shown only now.")

        @Argument(help: "The name for people.")
        var name: String

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let created = try await installation.withClient {
                try await $0.createOrganization(OrganizationRequest(name: name))
            }
            if installation.json { return try outputJSON(created) }
            output("organization  \(created.organizationID)  \(created.name)")
            output("api key       \(created.apiKey)")
            note("the key is not stored and will not be shown again")
        }
    }

    /// `rushes admin org show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an organization's weight, its limit and what it has under way.")

        @Argument(help: "The organization, org_...")
        var organization: String

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            try AdminOrganizationCommand.show(
                try await installation.withClient { try await $0.organization(organization) }, installation)
        }
    }

    /// `rushes admin org limit`
    struct Limit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set an organization's weight or limit.",
            discussion: """
                While several organizations wait for a model's slots, each gets a part in proportion to its weight; \
                what one does not use, the others get. Jobs above a lower limit go on.
                """)

        @Argument(help: "The organization, org_...")
        var organization: String

        @Option(help: "Its part of every lane beside the others' parts, 1 to 1000; a new organization has 1.")
        var weight: Int?

        @Option(
            name: .customLong("max-in-flight"),
            help: "Jobs at the same time over all models, at most; `none` for no limit.")
        var maxInFlight: String?

        @OptionGroup var installation: OperatorOptions

        func validate() throws {
            guard weight != nil || maxInFlight != nil else {
                throw ValidationError("Give --weight, --max-in-flight or both.")
            }
            if let maxInFlight, maxInFlight != Self.none, Int(maxInFlight) == nil {
                throw ValidationError("--max-in-flight is a number or none")
            }
        }

        func run() async throws {
            let changed = try await installation.withClient { client in
                let now = try await client.organization(organization)
                let limits = OrganizationLimits(
                    weight: weight ?? now.weight,
                    maxInFlight: maxInFlight.map { $0 == Self.none ? nil : Int($0) } ?? now.maxInFlight)
                return try await client.limitOrganization(organization, limits)
            }
            try AdminOrganizationCommand.show(changed, installation)
        }

        private static let none = "none"
    }

    fileprivate static func show(_ organization: OrganizationBody, _ installation: OperatorOptions) throws {
        if installation.json { return try outputJSON(organization) }
        output("organization   \(organization.id)  \(organization.name)")
        output("weight         \(organization.weight)")
        output("max in flight  \(organization.maxInFlight.map(String.init) ?? "none")")
        output("in flight      \(organization.inFlight)")
        for (lane, count) in organization.lanes.sorted(by: { $0.key < $1.key }) where count > 0 {
            output("  \(lane)  \(count)")
        }
    }
}
