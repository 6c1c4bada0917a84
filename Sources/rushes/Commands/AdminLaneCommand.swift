import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin lane`
struct AdminLaneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lane", abstract: "Lanes: one model at one provider account, with its limits and its breaker.",
        subcommands: [List.self, Pause.self, Resume.self, Limit.self, Kill.self, History.self],
        defaultSubcommand: List.self)

    /// `rushes admin lane list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all lanes, with what the provider's refusals leave of their limits now.")

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let lanes = try await installation.withClient { try await $0.lanes() }
            if installation.json { return try outputJSON(ListBody(data: lanes, nextCursor: nil)) }
            for line in LaneTable(lanes).lines { output(line) }
        }
    }

    /// `rushes admin lane pause`
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop dispatch on a lane; what waits goes on waiting, what runs is let finish.",
            discussion: "No deadline runs while a task waits, but the window of its batch does.")

        @OptionGroup var choice: LaneChoice
        @OptionGroup var installation: OperatorOptions

        func run() async throws { try await choice.control("paused", installation) }
    }

    /// `rushes admin lane resume`
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a paused, killed or retired lane run again.",
            discussion: "When the account's breaker is open, one task tries the account at once.")

        @OptionGroup var choice: LaneChoice
        @OptionGroup var installation: OperatorOptions

        func run() async throws { try await choice.control("running", installation) }
    }

    /// `rushes admin lane kill`
    struct Kill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop dispatch on a lane and fail what waits in it.",
            discussion: """
                Every task that waits in the lane, and every one that comes later, fails as provider_unavailable and is \
                refunded, in steps of 500 tasks. Jobs that run at the provider are let finish and are charged when they \
                succeed. `rushes admin lane resume` ends it; failed tasks stay failed.
                """)

        @OptionGroup var choice: LaneChoice
        @OptionGroup var installation: OperatorOptions

        func run() async throws { try await choice.control("killed", installation) }
    }

    /// `rushes admin lane limit`
    struct Limit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set limits of a lane that go before the catalogue's.",
            discussion: "They count until they are set back to `catalog`, also when another catalogue is applied.")

        @Argument(help: "The lane, PROVIDER:MODEL.")
        var lane: String

        @Option(name: .customLong("max-in-flight"), help: "Jobs at the same time; `catalog` for the catalogue's limit.")
        var maxInFlight: LaneLimit?

        @Option(
            name: .customLong("creates-per-minute"), help: "Creates per minute; `catalog` for the catalogue's limit.")
        var createsPerMinute: LaneLimit?

        @Option(
            name: .customLong("polls-per-minute"),
            help:
                "Polls per minute of the lane's account, over all its lanes; with more jobs each is polled less often."
        )
        var pollsPerMinute: Int?

        @Option(help: "Why, for those who look at it later.")
        var reason: String?

        @OptionGroup var name: OperatorName
        @OptionGroup var installation: OperatorOptions

        func validate() throws {
            guard maxInFlight != nil || createsPerMinute != nil || pollsPerMinute != nil else {
                throw ValidationError("Give --max-in-flight, --creates-per-minute or --polls-per-minute.")
            }
        }

        func run() async throws {
            let changed = try await installation.withClient { client in
                let own = try await client.lanes().first { $0.id == lane }?.ownLimits
                return try await client.limitLane(
                    LaneLimitsRequest(
                        lane: lane, maxInFlight: maxInFlight.map(\.value) ?? own?.maxInFlight,
                        createsPerMinute: createsPerMinute.map(\.value) ?? own?.createsPerMinute,
                        pollsPerMinute: pollsPerMinute, reason: reason, by: name.text))
            }
            try LaneTable.show(changed, installation)
        }
    }

    /// `rushes admin lane history`
    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what operators did to a lane, or to all lanes, the newest first.",
            discussion: "Each pause, resume, kill and limit stands there for good, with what it was before.")

        @Argument(help: "The lane, PROVIDER:MODEL; all lanes without it.")
        var lane: String?

        @Option(help: "At most so many acts, 1 to 1,000.")
        var limit = 100

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let found = try await installation.withClient { try await $0.laneActs(of: lane, limit: limit) }
            if installation.json { return try outputJSON(found) }
            var table = Table([
                ("WHEN", .left), ("LANE", .left), ("WHAT", .left), ("FROM", .left), ("TO", .left), ("BY", .left),
                ("REASON", .left),
            ])
            for act in found.data {
                table.add([
                    act.actedAt, act.lane, act.subject, act.before ?? "catalog", act.after ?? "catalog", act.by ?? "-",
                    act.reason ?? "",
                ])
            }
            table.lines.forEach(output)
        }
    }
}

/// A lane by its name, and why something is done to it.
struct LaneChoice: ParsableArguments {
    @Argument(help: "The lane, PROVIDER:MODEL, as `rushes admin lane list` shows it.")
    var lane: String

    @Option(help: "Why, for those who look at it later.")
    var reason: String?

    @OptionGroup var name: OperatorName

    func control(_ control: String, _ installation: OperatorOptions) async throws {
        let changed = try await installation.withClient {
            try await $0.controlLane(LaneControlRequest(lane: lane, control: control, reason: reason, by: name.text))
        }
        try LaneTable.show(changed, installation)
    }
}

/// A number, or `catalog` for the catalogue's.
struct LaneLimit: ExpressibleByArgument {
    let value: Int?

    init?(argument: String) {
        if argument == "catalog" {
            value = nil
        } else if let number = Int(argument) {
            value = number
        } else {
            return nil
        }
    }
}

/// Lanes as lines for people.
private struct LaneTable {
    let lines: [String]

    init(_ lanes: [LaneBody]) {
        var table = Table([
            ("LANE", .left), ("STATE", .left), ("IN FLIGHT", .right), ("LIMIT", .right), ("A MINUTE", .right),
            ("WAITING", .right), ("PAUSED UNTIL", .left), ("BREAKER", .left), ("REASON", .left),
        ])
        for lane in lanes {
            table.add([
                lane.id, lane.state == "retired" ? lane.state : lane.control, String(lane.inFlight),
                Self.part(lane.limitsNow.maxInFlight, of: lane.limits.maxInFlight),
                Self.part(lane.limitsNow.createsPerMinute, of: lane.limits.createsPerMinute), String(lane.waiting),
                lane.pausedUntil ?? "-", Self.breaker(lane.account), lane.reason ?? "",
            ])
        }
        lines = table.lines
    }

    static func show(_ lane: LaneBody, _ installation: OperatorOptions) throws {
        if installation.json { return try outputJSON(lane) }
        for line in LaneTable([lane]).lines { output(line) }
    }

    private static func part(_ now: Int?, of limit: Int?) -> String {
        let (now, limit) = (now.map(String.init) ?? "-", limit.map(String.init) ?? "-")
        return now == limit ? limit : "\(now) of \(limit)"
    }

    private static func breaker(_ account: ProviderAccountBody) -> String {
        account.breaker == "closed" ? "closed" : "\(account.breaker) (\(account.cause ?? "unknown"))"
    }
}
