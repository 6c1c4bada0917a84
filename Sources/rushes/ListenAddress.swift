import ArgumentParser

/// A host and a port, written `127.0.0.1:8080` or `[::1]:8080`; port 0 takes any free one.
struct ListenAddress: ExpressibleByArgument, Sendable, Equatable {
    let host: String
    let port: Int

    /// An address by its parts.
    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads it from the command line; nil when it is not of that form.
    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }
}
