import RushesEngine
import SystemPackage

extension BlobError {
    /// What a failed call on a file means.
    init(_ call: String, _ path: String, _ error: any Error) {
        let kind: Kind =
            switch error as? Errno {
            case .noSpace, .diskQuotaExceeded: .full
            case .fileTooLarge: .tooLarge
            default: .failed
            }
        self.init(kind, "\(call) \(path): \(error)")
    }
}
