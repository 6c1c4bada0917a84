import NIOCore
import NIOHTTP1
import NIOSSL
import RushesCore

#if canImport(Glibc)
    import Glibc
#endif

extension DeliveryFailure {
    /// What an error while connecting means.
    init(connecting error: any Error) {
        let isTimeout: Bool
        switch error {
        case ChannelError.connectTimeout: isTimeout = true
        case let error as IOError: isTimeout = error.errnoCode == ETIMEDOUT
        default: isTimeout = false
        }
        // A network or a host that cannot be reached refuses as well as one that says so.
        self = isTimeout ? .connectTimeout : .connectRefused
    }

    /// What an error before the head of an answer means.
    init(exchanging error: any Error) {
        switch error {
        case NIOSSLError.uncleanShutdown: self = .connectionReset
        case NIOSSLError.handshakeFailed(let reason): self = Self.handshake(reason)
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            self = .tlsCertificateInvalid
        case let error as NIOSSLExtraError where Self.isAboutTheName(error): self = .tlsCertificateInvalid
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .tlsHandshakeFailed
        case HTTPParserError.invalidEOFState: self = .connectionReset  // it ended within the head
        case is ResponseHeadTooLong, is HTTPParserError: self = .responseInvalid
        default: self = .connectionReset
        }
    }

    private static func isAboutTheName(_ error: NIOSSLExtraError) -> Bool {
        error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
    }

    /// BoringSSL names what it found wrong only in its text.
    private static func handshake(_ reason: BoringSSLError) -> DeliveryFailure {
        "\(reason)".contains("CERTIFICATE_VERIFY_FAILED") ? .tlsCertificateInvalid : .tlsHandshakeFailed
    }
}

/// No connection came about.
struct ConnectingFailed: Error {
    let failure: DeliveryFailure
    /// Milliseconds from the beginning of the attempt.
    let totalMilliseconds: Int64

    init(_ error: any Error, _ budget: SendingBudget) {
        failure = DeliveryFailure(connecting: error)
        totalMilliseconds = budget.elapsedMilliseconds
    }
}
