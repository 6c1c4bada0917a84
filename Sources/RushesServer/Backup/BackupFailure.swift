/// Why a dump could not be made, read or restored, in one line for an operator.
package struct BackupFailure: Error, Equatable, CustomStringConvertible {
    package let description: String

    /// A failure from its line.
    init(_ description: String) {
        self.description = description
    }
}
