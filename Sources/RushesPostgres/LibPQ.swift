import CLibPQ

/// The client library itself.
enum LibPQ {
    /// Its version, such as 150018.
    static var version: Int { Int(PQlibVersion()) }
}
