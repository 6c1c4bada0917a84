import RushesWire

/// Writes a body as one line of JSON to stdout.
func outputJSON(_ body: some Encodable) throws {
    output(String(decoding: try WireJSON.encode(body), as: UTF8.self))
}
