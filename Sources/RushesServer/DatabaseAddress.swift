import Foundation
import RushesProviders

/// The address of a PostgreSQL database, such as `postgres://user:password@host:5432/name?sslmode=verify-full`.
///
/// It holds a password, so it is printed as host and name only, and never stands in an argument list.
package struct DatabaseAddress: Sendable, Equatable {
    private let text: Secret
    private let scheme: String
    private let user: String?
    private let hosts: String
    private let parameters: [Parameter]
    private let password: Secret?
    /// The database's name; empty when the address leaves it to the server, which takes the user's name.
    package let name: String

    private struct Parameter: Equatable {
        let name: String
        let value: String
    }

    /// Reads an address.
    ///
    /// - Throws: `InvalidSetting`, which does not repeat the text.
    package init(_ text: String) throws(InvalidSetting) {
        guard let separator = text.firstRange(of: "://"), Self.schemes.contains(String(text[..<separator.lowerBound]))
        else { throw Self.malformed }
        let (place, query) = Self.halves(text[separator.upperBound...], at: "?")
        let (authority, name) = Self.halves(place, at: "/")
        let userEnd = authority.lastIndex(of: "@")
        let credentials = userEnd.map { Self.halves(authority[..<$0], at: ":") }
        guard !(name ?? "").contains("/"), !text.utf8.contains(0) else { throw Self.malformed }
        let all = (query ?? "").split(separator: "&").map { pair in
            let (name, value) = Self.halves(pair, at: "=")
            return Parameter(name: String(name), value: String(value ?? ""))
        }
        let given = credentials?.second.map(String.init) ?? all.first { $0.name == "password" }?.value
        self.text = Secret(text)
        scheme = String(text[..<separator.lowerBound])
        user = credentials.map { String($0.first) }
        hosts = String(userEnd.map { authority[authority.index(after: $0)...] } ?? authority)
        parameters = all.filter { $0.name != "password" }
        password = given.map { Secret($0.removingPercentEncoding ?? $0) }
        self.name = String(name ?? "").removingPercentEncoding ?? String(name ?? "")
    }

    private static let schemes = ["postgres", "postgresql"]
    private static let malformed = InvalidSetting(
        name: "RUSHES_DATABASE_URL", reason: "an address like postgres://user:password@host:5432/name")

    private static func halves(
        _ text: Substring, at separator: Character
    ) -> (first: Substring, second: Substring?) {
        guard let place = text.firstIndex(of: separator) else { return (text, nil) }
        return (text[..<place], text[text.index(after: place)...])
    }
}

extension DatabaseAddress {
    /// The whole address, for the client library alone.
    func reveal() -> String { text.reveal() }

    /// The address without its password, which any user of the machine may read in a list of processes.
    var withoutPassword: String { address(name: name) }

    /// The password, for the environment of a program that is given the address without it.
    func revealPassword() -> String? { password?.reveal() }

    /// Host and database, for people.
    package var shown: String {
        let host = hosts.isEmpty ? parameters.first { $0.name == "host" }?.value ?? "" : hosts
        return (host.isEmpty ? "local socket" : host.removingPercentEncoding ?? host) + "/" + name
    }

    /// Another database of the same server, reached the same way.
    func database(named other: String) -> DatabaseAddress {
        var address = address(name: other)
        if let password = password?.reveal() {
            address += (address.contains("?") ? "&" : "?") + "password=" + Self.escaped(password)
        }
        do {
            return try DatabaseAddress(address)
        } catch {
            preconditionFailure("an address made from the parts of one is well formed")
        }
    }

    private func address(name: String) -> String {
        let query = parameters.map { $0.name + "=" + $0.value }.joined(separator: "&")
        return scheme + "://" + (user.map { $0 + "@" } ?? "") + hosts + "/" + Self.escaped(name)
            + (query.isEmpty ? "" : "?" + query)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
            if isPlain { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension DatabaseAddress: CustomStringConvertible {
    package var description: String { shown }
}
