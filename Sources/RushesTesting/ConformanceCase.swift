import Testing

/// One rule of a port, as a test that every implementation of the port passes.
package struct ConformanceCase<Subject: Sendable>: Sendable, CustomTestStringConvertible {
    /// The rule, in words.
    package let rule: String
    /// Checks the rule on a fresh implementation; throws or records an issue when it does not hold.
    package let check: @Sendable (Subject) async throws -> Void

    init(_ rule: String, _ check: @escaping @Sendable (Subject) async throws -> Void) {
        self.rule = rule
        self.check = check
    }

    package var testDescription: String { rule }
}
