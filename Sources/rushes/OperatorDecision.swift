import ArgumentParser
import RushesClient
import RushesWire

/// Who decides on a correction or a dispute, and where.
struct OperatorDecision: ParsableArguments {
    @OptionGroup var name: OperatorName
    @OptionGroup var installation: OperatorOptions

    /// Makes the decision, and shows what was decided on as it is then.
    func make<Body: Encodable>(
        _ type: Body.Type, _ line: (Body) -> String, by decide: (AdminClient, DecisionRequest) async throws -> Body
    ) async throws {
        let request = DecisionRequest(by: name.text)
        let decided = try await installation.withClient { try await decide($0, request) }
        try installation.show(decided, as: line(decided))
    }
}

extension OperatorOptions {
    /// Writes an answer as JSON, or as a line for people.
    func show(_ body: some Encodable, as line: String) throws {
        if json { return try outputJSON(body) }
        output(line)
    }
}
