/// One page of a list.
public struct ListBody<Item: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    /// Always `list`.
    public var object: String
    /// The items of the page.
    public var data: [Item]
    /// True when there are more.
    public var hasMore: Bool
    /// What to pass as `cursor` to get the next page; null on the last one.
    @Nullable public var nextCursor: String?

    /// A page from its items and where the next one begins; nil means that this is the last page.
    public init(data: [Item], nextCursor: String?) {
        object = "list"
        self.data = data
        hasMore = nextCursor != nil
        self.nextCursor = nextCursor
    }

    private enum CodingKeys: String, CodingKey {
        case object, data
        case hasMore = "has_more"
        case nextCursor = "next_cursor"
    }
}
