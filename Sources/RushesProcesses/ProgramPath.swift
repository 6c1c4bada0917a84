import Foundation

/// Looks for programs as a shell does.
package enum ProgramPath {
    /// The first file of that name in the folders of a `PATH` which may be run; nil when there is none.
    package static func find(_ program: String, in path: String) -> String? {
        path.split(separator: ":").lazy.map { "\($0)/\(program)" }
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }
}
