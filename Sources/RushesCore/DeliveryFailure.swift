/// Why an attempt to deliver a webhook did not succeed: a closed list, shown to customers as it is written here.
package enum DeliveryFailure: String, Sendable, CaseIterable, Codable {
    case dnsFailed = "dns_failed"
    case dnsTimeout = "dns_timeout"
    case blockedAddress = "blocked_address"
    case connectRefused = "connect_refused"
    case connectTimeout = "connect_timeout"
    case tlsHandshakeFailed = "tls_handshake_failed"
    case tlsCertificateInvalid = "tls_certificate_invalid"
    case requestTimeout = "request_timeout"
    case connectionReset = "connection_reset"
    case redirectNotFollowed = "redirect_not_followed"
    case clientError = "http_4xx"
    case gone = "http_410"
    case tooManyRequests = "http_429"
    case serverError = "http_5xx"
    case responseInvalid = "response_invalid"
    case workerLost = "worker_lost"

    /// Why a status is not a success; nil for 200 to 299.
    package init?(status: Int) {
        switch status {
        case 200...299: return nil
        case 300...399: self = .redirectNotFollowed
        case 410: self = .gone
        case 429: self = .tooManyRequests
        case 400...499: self = .clientError
        case 500...599: self = .serverError
        default: self = .responseInvalid  // no such status exists
        }
    }

    /// True when it says that the receiver is down, not that it refuses this message: such failures in a row hold back
    /// everything for the endpoint.
    package var meansDown: Bool {
        switch self {
        case .dnsFailed, .dnsTimeout, .connectRefused, .connectTimeout, .tlsHandshakeFailed, .tlsCertificateInvalid,
            .requestTimeout, .connectionReset, .serverError, .responseInvalid:
            true
        case .blockedAddress, .redirectNotFollowed, .clientError, .gone, .tooManyRequests, .workerLost: false
        }
    }
}
