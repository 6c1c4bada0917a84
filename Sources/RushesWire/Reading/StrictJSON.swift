/// The check that every JSON body passes before anything is decoded from it.
package enum StrictJSON {
    /// Reads over a text.
    ///
    /// - Throws: `JSONDefect` with the kind, the byte and the pointer.
    package static func check(_ bytes: [UInt8]) throws(JSONDefect) {
        var reader = JSONReader(bytes)
        try reader.skip()
        try reader.finish()
    }
}
