/// The members of one object of a small request; notes what is missing, unknown or of the wrong type.
package struct RequestMembers {
    private var members: [String: JSONValue]
    private let pointer: String
    /// What is wrong so far.
    package private(set) var issues = IssueList()

    /// The members of a whole request body.
    ///
    /// - Throws: `JSONDefect`.
    package init(_ bytes: [UInt8]) throws(JSONDefect) {
        self.init(try JSONValue(bytes), at: "")
    }

    private init(_ value: JSONValue, at pointer: String) {
        self.pointer = pointer
        if case .object(let members) = value {
            self.members = members
        } else {
            members = [:]
            issues.add(IssueBody(pointer: pointer, code: "invalid_type", detail: "an object is expected"))
        }
    }

    /// A required string; empty, with an issue, when it is not there.
    package mutating func string(_ name: String) -> String {
        optionalString(name, isRequired: true) ?? ""
    }

    /// A string, or nil when it is missing or null.
    package mutating func optionalString(_ name: String, isRequired: Bool = false) -> String? {
        switch take(name, isRequired: isRequired) {
        case .string(let text): return text
        case .none, .null: return nil
        case .object, .array, .integer, .otherNumber, .boolean:
            note(name, "invalid_type", "a string is expected")
            return nil
        }
    }

    /// A required integer; zero, with an issue, when it is not there.
    package mutating func integer(_ name: String) -> Int64 {
        optionalInteger(name, isRequired: true) ?? 0
    }

    /// An integer, or nil when it is missing or null.
    package mutating func optionalInteger(_ name: String, isRequired: Bool = false) -> Int64? {
        switch take(name, isRequired: isRequired) {
        case .integer(let value): return value
        case .none, .null: return nil
        case .object, .array, .string, .otherNumber, .boolean:
            note(name, "invalid_type", "an integer is expected")
            return nil
        }
    }

    /// A boolean, or nil when it is missing or null.
    package mutating func optionalBoolean(_ name: String) -> Bool? {
        switch take(name, isRequired: false) {
        case .boolean(let value): return value
        case .none, .null: return nil
        case .object, .array, .string, .integer, .otherNumber:
            note(name, "invalid_type", "true or false is expected")
            return nil
        }
    }

    /// An array; every item is read by `item`, which gets the item and its pointer.
    package mutating func array<Item>(
        _ name: String, isRequired: Bool = true, _ item: (JSONValue, String, inout IssueList) -> Item
    ) -> [Item] {
        optionalArray(name, isRequired: isRequired, item) ?? []
    }

    /// An array, or nil when it is missing or null.
    package mutating func optionalArray<Item>(
        _ name: String, isRequired: Bool = false, _ item: (JSONValue, String, inout IssueList) -> Item
    ) -> [Item]? {
        switch take(name, isRequired: isRequired) {
        case .array(let items):
            return items.enumerated().map { index, value in
                item(value, "\(pointer)/\(JSONPointer.escaped(name))/\(index)", &issues)
            }
        case .none, .null: return nil
        case .object, .string, .integer, .otherNumber, .boolean:
            note(name, "invalid_type", "an array is expected")
            return nil
        }
    }

    /// Reads an object inside this request.
    package mutating func object<Result>(_ name: String, _ read: (inout RequestMembers) -> Result) -> Result {
        let value = take(name, isRequired: true) ?? .object([:])
        return Self.read(value, at: pointer + "/" + JSONPointer.escaped(name), &issues, read)
    }

    /// The members of an object with names of any kind; none when it is missing or null. Every value is read by
    /// `member`, which gets the value and its pointer, and leaves a wrong one out.
    package mutating func optionalMembers<Value>(
        _ name: String, _ member: (JSONValue, String, inout IssueList) -> Value?
    ) -> [String: Value] {
        switch take(name, isRequired: false) {
        case .object(let members):
            var values: [String: Value] = [:]
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                let place = "\(pointer)/\(JSONPointer.escaped(name))/\(JSONPointer.escaped(key))"
                values[key] = member(value, place, &issues)
            }
            return values
        case .none, .null: return [:]
        case .array, .string, .integer, .otherNumber, .boolean:
            note(name, "invalid_type", "an object is expected")
            return [:]
        }
    }

    /// Reads an object that is an item of an array, adding its issues to `issues`.
    package static func read<Result>(
        _ value: JSONValue, at pointer: String, _ issues: inout IssueList, _ read: (inout RequestMembers) -> Result
    ) -> Result {
        var inner = RequestMembers(value, at: pointer)
        let result = read(&inner)
        inner.refuseTheRest()
        for issue in inner.issues.listed { issues.add(issue) }
        return result
    }

    /// Refuses what nobody has asked for.
    ///
    /// - Throws: `IssueList` when anything is wrong.
    package mutating func finish() throws(IssueList) {
        refuseTheRest()
        if !issues.isEmpty { throw issues }
    }

    private mutating func refuseTheRest() {
        for name in members.keys.sorted() { note(name, "unknown_field", "there is no such member") }
        members = [:]
    }

    private mutating func take(_ name: String, isRequired: Bool) -> JSONValue? {
        let value = members.removeValue(forKey: name)
        if isRequired, value == nil || value == .null { note(name, "missing_field", "\(name) is required") }
        return value
    }

    /// Notes that a member is wrong.
    package mutating func note(_ name: String, _ code: String, _ detail: String) {
        issues.add(IssueBody(pointer: pointer + "/" + JSONPointer.escaped(name), code: code, detail: detail))
    }
}
