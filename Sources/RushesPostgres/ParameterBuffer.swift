import RushesDatabase

/// The values of one execution as libpq takes them: texts that end with a zero byte, one after the other.
struct ParameterBuffer {
    private var bytes: [CChar] = []
    /// Where each value begins; nil for NULL.
    private var starts: [Int?] = []

    /// Writes the values.
    ///
    /// - Throws: `DatabaseError` of kind `invalidStatement` for a text with a zero byte, which PostgreSQL cannot hold.
    init(_ values: [SQLValue]) throws(DatabaseError) {
        starts.reserveCapacity(values.count)
        bytes.reserveCapacity(values.count * 16)
        for value in values {
            switch value {
            case .null:
                starts.append(nil)
            case .integer(let integer):
                starts.append(bytes.count)
                append(integer)
            case .text(let text):
                starts.append(bytes.count)
                try append(text)
            }
        }
    }

    /// Hands the values over as an array of C strings.
    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            let pointers = starts.map { start in start.flatMap { bytes.baseAddress?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }

    private mutating func append(_ integer: Int64) {
        for byte in String(integer).utf8 { bytes.append(CChar(bitPattern: byte)) }
        bytes.append(0)
    }

    private mutating func append(_ text: String) throws(DatabaseError) {
        let start = bytes.count
        for byte in text.utf8 { bytes.append(CChar(bitPattern: byte)) }
        guard !bytes[start...].contains(0) else {
            throw DatabaseError(.invalidStatement, "a text with a zero byte cannot be stored")
        }
        bytes.append(0)
    }
}
