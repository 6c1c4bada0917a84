import RushesCore

extension Timestamp {
    /// The time in a member of a request.
    ///
    /// - Throws: `Problem` naming the member for a text that is none.
    init(_ text: String, at pointer: String) throws(Problem) {
        guard let moment = Timestamp(rfc3339: text) else { throw .noTime(at: pointer) }
        self = moment
    }
}
