import Foundation

/// The most memory that a process had resident, as Linux reports it.
enum PeakMemory {
    /// `VmHWM` of a process in bytes; nil when it is gone.
    static func bytes(of process: String = "self") -> Int64? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").compactMap { Int64($0) }.first.map { $0 * 1_024 }
    }

    /// Lets the peak of this process begin anew at what is resident now.
    static func reset() {
        // A kernel that does not allow it leaves a higher peak: the figure is then an upper bound.
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }
}
