import Hummingbird

/// `GET /v1/models` and `GET /v1/models/{id}`.
struct ModelRoutes: Sendable {
    private struct ModelAnswer: Encodable {
        let id: String
        let object = "model"
        let created = 1_759_708_800
        let owner = "sandbox"

        private enum CodingKeys: String, CodingKey {
            case id, object, created
            case owner = "owned_by"
        }
    }

    private struct ListAnswer: Encodable {
        let object = "list"
        let data: [ModelAnswer]
    }

    func add(to group: RouterGroup<SandboxContext>) {
        group.get("models") { _, _ in
            try Response.json(ListAnswer(data: UpstreamModel.listedIDs.map { ModelAnswer(id: $0) }))
        }
        group.get("models/{id}") { _, context in
            let id = try context.parameters.require("id")
            guard UpstreamModel.named(id) != nil else { throw OpenAIError.unknownModel(id) }
            return try Response.json(ModelAnswer(id: id))
        }
    }
}
