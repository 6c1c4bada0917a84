package import RushesCore

/// Finds the addresses of a name.
package protocol HostResolver: Sendable {
    /// All addresses of the name, of both versions and in the order of preference; never none.
    ///
    /// Throws `HostLookupFailure` when there is none, or when none was found within `milliseconds`.
    func addresses(of host: String, within milliseconds: Int64) async throws(HostLookupFailure) -> [NetworkAddress]
}

/// Why the addresses of a name were not found.
package enum HostLookupFailure: Error, Hashable, Sendable {
    /// The name has no address, or nobody could say.
    case failed
    /// The answer took too long.
    case timedOut
}
