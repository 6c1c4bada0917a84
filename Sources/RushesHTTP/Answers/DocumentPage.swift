import RushesWire

/// A readable page of an OpenAPI document: operations, parameters, answers. No script, nothing from elsewhere.
enum DocumentPage {
    /// The page; a document that cannot be read gives a page that says so, which the tests refuse.
    static func html(of document: [UInt8]) -> String {
        do throws(JSONDefect) {
            return page(try JSONValue(document))
        } catch {
            return "<!doctype html><title>Rushes API</title><p>\(htmlEscaped(error.detail))</p>"
        }
    }

    private static func page(_ document: JSONValue) -> String {
        let info = document["info"]
        let operations = document["paths"].members.map { path, methods in
            methods.members.map { method, operation in section(method, path, operation) }.joined()
        }.joined()
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(htmlEscaped(info["title"].text))</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#222}
            code{background:#f3f3f3;padding:.1em .3em;border-radius:3px} h2{margin-top:2rem;font-size:1.1rem}
            table{border-collapse:collapse;width:100%} td{border-top:1px solid #ddd;padding:.3rem .5rem;vertical-align:top}
            td:first-child{white-space:nowrap} .method{text-transform:uppercase;font-weight:700}
            </style></head><body><h1>\(htmlEscaped(info["title"].text))</h1><p>\(htmlEscaped(info["description"].text))</p>
            <p>The same as OpenAPI: <a href="/openapi.json">openapi.json</a></p>
            \(operations)</body></html>
            """
    }

    private static func section(_ method: String, _ path: String, _ operation: JSONValue) -> String {
        let parameters = operation["parameters"].items.map { parameter in
            let name = parameter["name"].text.isEmpty ? parameter["$ref"].text.lastPart : parameter["name"].text
            return row(name, parameter["description"].text)
        }.joined()
        let bodies = operation["requestBody"]["content"].members.map { type, _ in row("body", type) }.joined()
        let answers = operation["responses"].members.map { status, answer in
            let text = answer["description"].text
            return row(status, text.isEmpty ? answer["$ref"].text.lastPart : text)
        }.joined()
        return """
            <h2><span class="method">\(htmlEscaped(method))</span> <code>\(htmlEscaped(path))</code></h2>
            <p>\(htmlEscaped(operation["summary"].text)). \(htmlEscaped(operation["description"].text))</p>
            <table>\(parameters)\(bodies)\(answers)</table>

            """
    }

    private static func row(_ name: String, _ text: String) -> String {
        "<tr><td><code>\(htmlEscaped(name))</code></td><td>\(htmlEscaped(text))</td></tr>"
    }
}

extension JSONValue {
    /// A member of an object; `null` when there is none.
    fileprivate subscript(_ name: String) -> JSONValue {
        if case .object(let members) = self { return members[name] ?? .null }
        return .null
    }

    /// The members of an object, in the order of their names.
    fileprivate var members: [(String, JSONValue)] {
        if case .object(let members) = self { return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
        return []
    }

    fileprivate var items: [JSONValue] {
        if case .array(let items) = self { return items }
        return []
    }

    fileprivate var text: String {
        if case .string(let text) = self { return text }
        return ""
    }
}

extension String {
    fileprivate var lastPart: String { split(separator: "/").last.map(String.init) ?? self }
}
