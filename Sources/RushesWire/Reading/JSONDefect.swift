/// Why a text is not JSON that we read, and where.
package struct JSONDefect: Error, Sendable, Equatable {
    /// What is wrong; the raw value is the problem's code.
    package enum Kind: String, Sendable {
        /// Bytes that are not UTF-8.
        case notUTF8 = "not_utf8"
        /// A byte order mark, which RFC 8259 forbids.
        case byteOrderMark = "byte_order_mark"
        /// U+0000, raw or escaped; a database's text cannot hold it.
        case nul = "nul_character"
        /// Not JSON.
        case malformed = "malformed_json"
        /// Something behind the value.
        case trailingData = "trailing_data"
        /// Two members of one object with one name: readers disagree about which one counts.
        case duplicateKey = "duplicate_key"
        /// Deeper than `JSONReader.depthMax`.
        case tooDeep = "too_deep"
        /// An object with more members than `JSONReader.membersMax`.
        case tooManyMembers = "too_many_members"
        /// An array with more items than `JSONReader.itemsMax`.
        case tooManyItems = "too_many_items"
    }

    /// What is wrong.
    package let kind: Kind
    /// The offset of the byte at which it was seen.
    package let offset: Int
    /// The JSON pointer of the value that was being read.
    package let pointer: String

    /// A defect at its place.
    package init(_ kind: Kind, offset: Int, pointer: String) {
        self.kind = kind
        self.offset = offset
        self.pointer = pointer
    }

    /// True when the text is JSON, only larger or deeper than we take.
    package var isLimit: Bool {
        switch kind {
        case .tooDeep, .tooManyMembers, .tooManyItems: true
        case .notUTF8, .byteOrderMark, .nul, .malformed, .trailingData, .duplicateKey: false
        }
    }

    /// A sentence for people.
    package var detail: String {
        let place = "at byte \(offset)" + (pointer.isEmpty ? "" : ", in \(pointer)")
        return switch kind {
        case .notUTF8: "the text is not UTF-8 \(place)"
        case .byteOrderMark: "JSON has no byte order mark"
        case .nul: "the character U+0000 is not allowed, \(place)"
        case .malformed: "not JSON \(place)"
        case .trailingData: "something follows the JSON value \(place)"
        case .duplicateKey: "a member occurs twice \(place)"
        case .tooDeep: "nested deeper than \(JSONReader.depthMax) levels \(place)"
        case .tooManyMembers: "more than \(JSONReader.membersMax) members in one object \(place)"
        case .tooManyItems: "more than \(JSONReader.itemsMax) items in one array \(place)"
        }
    }
}
