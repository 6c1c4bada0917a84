import RushesWire
import Testing

/// Checks answers against the schemas of the OpenAPI document: the keywords that the document uses, and no more.
struct ContractSchema {
    private let document: JSONValue

    init(_ document: JSONValue) {
        self.document = document
    }

    /// What in the value breaks the schema of that name; empty when it fits.
    func defects(of value: JSONValue, as name: String) -> [String] {
        defects(value, document.at("components", "schemas", name), "")
    }

    private func defects(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        if schema == .null { return ["\(place): the document says nothing of it"] }
        if let reference = schema.at("$ref").string {
            return defects(value, document.at(reference.split(separator: "/").dropFirst().map(String.init)), place)
        }
        if let choices = schema.at("oneOf").array {
            return choices.contains { defects(value, $0, place).isEmpty } ? [] : ["\(place): no choice fits"]
        }
        var found: [String] = []
        if !fits(value, schema.at("type")) { found.append("\(place): wrong type") }
        if let allowed = schema.at("enum").array, !allowed.contains(value) { found.append("\(place): not in enum") }
        if schema.at("const") != .null, schema.at("const") != value { found.append("\(place): not the constant") }
        if case .array(let items) = value {
            for (index, item) in items.enumerated() {
                found += defects(item, schema.at("items"), "\(place)/\(index)")
            }
        }
        if case .object(let members) = value { found += memberDefects(members, schema, place) }
        return found
    }

    private func memberDefects(_ members: [String: JSONValue], _ schema: JSONValue, _ place: String) -> [String] {
        let required = schema.at("required").array ?? []
        var found = required.compactMap(\.string).filter { members[$0] == nil }.map { "\(place)/\($0): missing" }
        for (name, member) in members {
            switch (schema.at("properties", name), schema.at("additionalProperties")) {
            case (.null, .boolean(false)): found.append("\(place)/\(name): not in the document")
            case (.null, .null): continue
            case (.null, let other): found += defects(member, other, "\(place)/\(name)")
            case (let property, _): found += defects(member, property, "\(place)/\(name)")
            }
        }
        return found
    }

    private func fits(_ value: JSONValue, _ type: JSONValue) -> Bool {
        switch type {
        case .null: true
        case .array(let types): types.contains { fits(value, $0) }
        case .string(let name): name == value.typeName
        case .object, .integer, .otherNumber, .boolean: false
        }
    }
}

extension JSONValue {
    func at(_ path: String...) -> JSONValue { at(path) }

    func at(_ path: [String]) -> JSONValue {
        path.reduce(self) { value, name in
            if case .object(let members) = value { return members[name] ?? .null }
            return .null
        }
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var array: [JSONValue]? {
        if case .array(let items) = self { return items }
        return nil
    }

    var integer: Int64? {
        if case .integer(let value) = self { return value }
        return nil
    }

    var members: [String: JSONValue] {
        if case .object(let members) = self { return members }
        return [:]
    }

    fileprivate var typeName: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .integer: "integer"
        case .otherNumber: "number"
        case .boolean: "boolean"
        case .null: "null"
        }
    }
}

/// Expects an answer's body to fit a schema of the document.
func expectContract(_ answer: EdgeAnswer, _ status: Int, _ schema: String, _ client: EdgeClient) async throws {
    #expect(answer.status == status, "\(answer.text)")
    let document = try await client.get("/openapi.json").json
    #expect(ContractSchema(document).defects(of: answer.json, as: schema) == [])
}
