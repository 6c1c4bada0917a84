import RushesCore

/// Encodes the members of a request's own value, and a route's parameters beside them.
struct WithParameters<Value: Encodable>: Encodable {
    let value: Value
    let parameters: [String: RouteParameter]

    init(_ value: Value, _ parameters: [String: RouteParameter]) {
        self.value = value
        self.parameters = parameters
    }

    func encode(to encoder: any Encoder) throws {
        // First the parameters: should one have the name of a member after all, the member's value stays.
        var container = encoder.container(keyedBy: ParameterKey.self)
        for (name, parameter) in parameters { try container.encode(parameter, forKey: ParameterKey(name)) }
        try value.encode(to: encoder)
    }

    private struct ParameterKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}
