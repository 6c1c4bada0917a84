import HTTPTypes
import RushesHTTP
import RushesWire
import Testing

@Suite("The OpenAPI document")
struct DocumentTests {
    @Test("lists the routes of the router, no more and no less")
    func routes() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let document = try await client.get("/openapi.json").json
            let written = document.at("paths").members.flatMap { path, methods in
                methods.members.keys.map { "\($0.uppercased()) \(path)" }
            }
            let real = world.api.router().endpoints.map { "\($0.method.rawValue) \($0.path)" }
            #expect(written.sorted() == real.sorted())
            let page = try await client.get("/docs").text
            for path in document.at("paths").members.keys { #expect(page.contains("<code>\(path)</code>")) }
        }
    }

    @Test("every reference leads to something that the document has")
    func references() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let document = try await client.get("/openapi.json").json
            let references = document.references
            #expect(references.count > 100)
            for reference in references {
                let path = reference.split(separator: "/").dropFirst().map(String.init)
                #expect(document.at(path) != .null, "\(reference)")
            }
        }
    }

    @Test("every operation has a summary, its errors, and says whether it needs a key")
    func operations() async throws {
        let world = try await EdgeWorld.make()
        try await world.test { client in
            let document = try await client.get("/openapi.json").json
            for (path, methods) in document.at("paths").members {
                for (method, operation) in methods.members {
                    #expect(operation.at("summary").string?.isEmpty == false, "\(method) \(path)")
                    let isOpen = operation.at("security") == .array([])
                    let statuses = Set(operation.at("responses").members.keys)
                    #expect(statuses.isSuperset(of: ["500"]), "\(method) \(path)")
                    #expect(statuses.contains("401") == !isOpen, "\(method) \(path)")
                    #expect(
                        !path.contains("{") || path.contains("{account}") || statuses.contains("404"),
                        "\(method) \(path)")
                    let needsKey =
                        try await client.with(key: nil).get(
                            path.replacing("{id}", with: "x").replacing("{month}", with: "2026-11")
                        ).status == 401
                    if method == "get" { #expect(needsKey == !isOpen, "\(method) \(path)") }
                }
            }
        }
    }
}

extension JSONValue {
    /// What `$ref` names, here and below.
    fileprivate var references: [String] {
        switch self {
        case .object(let members):
            members.flatMap { name, member in
                name == "$ref" ? [member.string].compactMap { $0 } : member.references
            }
        case .array(let items): items.flatMap(\.references)
        case .string, .integer, .otherNumber, .boolean, .null: []
        }
    }
}
