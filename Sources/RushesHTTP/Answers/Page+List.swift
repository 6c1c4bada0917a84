import RushesCore
import RushesEngine
import RushesWire

extension QueryParameters {
    /// The item before which a page of a list begins, from `cursor`; nil for the first page.
    ///
    /// - Throws: `Problem.invalidCursor`.
    func cursor<Kind: Identified>(in list: String) throws(Problem) -> Identifier<Kind>? {
        guard let text = self["cursor"] else { return nil }
        guard let id = Identifier<Kind>(try Cursor.position(text, in: list)) else { throw .invalidCursor }
        return id
    }
}

extension Page {
    /// The page of a list that goes from the newest to the oldest, with the cursor of the next one.
    func list<Kind, Body: Codable & Sendable & Equatable>(
        _ name: String, by id: (Item) -> Identifier<Kind>, _ body: (Item) -> Body
    ) -> ListBody<Body> {
        ListBody(
            data: items.map(body),
            nextCursor: hasMore ? items.last.map { Cursor.text(id($0).rawValue, in: name) } : nil)
    }
}
