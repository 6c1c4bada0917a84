import Foundation

/// What the disk does by itself: the ceiling of commits that wait for it one after the other.
struct DiskProbe {
    private let path: String
    private static let writes = 300
    private static let bytes = 8 * 1_024

    init(_ folder: BenchFolder) {
        path = folder.path(of: "probe")
    }

    func figure(when: String) throws -> Figure {
        Figure(name: "fdatasync after each 8 KiB, \(when)", value: try syncsPerSecond(), unit: "/s")
    }

    /// Appends and syncs, as the write-ahead log does.
    private func syncsPerSecond() throws -> Double {
        let file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        defer {
            close(file)
            unlink(path)
        }
        let block = [UInt8](repeating: 7, count: Self.bytes)
        let seconds = try Stopwatch.seconds {
            for _ in 0..<Self.writes {
                guard write(file, block, block.count) == block.count, fdatasync(file) == 0 else {
                    throw POSIXError(.init(rawValue: errno) ?? .EIO)
                }
            }
        }
        return Double(Self.writes) / seconds
    }
}
