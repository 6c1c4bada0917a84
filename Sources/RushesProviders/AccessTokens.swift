import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RushesCore
import RushesEngine
import Synchronization

/// The access token of a service account: fetched when it is first needed, kept until a minute before its end, fetched
/// by one caller while the others wait.
final class AccessTokens: Sendable {
    private typealias Waiter = CheckedContinuation<Result<Secret, ProviderError>, Never>

    private struct State {
        var token: Secret?
        var endsAtMilliseconds: Int64 = 0
        /// Those who wait for a fetch that is under way; nil when none is.
        var waiters: [Waiter]?
    }

    private let account: ServiceAccount
    private let exchange: ProviderExchange
    private let state = Mutex(State())
    private static let reserveMilliseconds: Int64 = 60_000

    init(_ account: ServiceAccount, exchange: ProviderExchange) {
        self.account = account
        self.exchange = exchange
    }

    /// A token to use now; one that was `refused` is not given out again.
    func token(insteadOf refused: Secret? = nil) async throws(ProviderError) -> Secret {
        let now = exchange.environment.elapsedMilliseconds()
        let known = state.withLock { state -> Secret? in
            if let refused, state.token == refused { state.token = nil }
            return now < state.endsAtMilliseconds - Self.reserveMilliseconds ? state.token : nil
        }
        if let known { return known }
        return try await fetchOrWait().get()
    }

    private func fetchOrWait() async -> Result<Secret, ProviderError> {
        let mine = state.withLock { state -> Bool in
            if state.waiters != nil { return false }
            state.waiters = []
            return true
        }
        guard mine else { return await turn() }
        let result = await fetch()
        let waiters = state.withLock { state -> [Waiter] in
            defer { state.waiters = nil }
            if case .success(let grant) = result {
                state.token = grant.token
                state.endsAtMilliseconds = grant.endsAtMilliseconds
            }
            return state.waiters ?? []
        }
        let outcome = result.map(\.token)
        for waiter in waiters { waiter.resume(returning: outcome) }
        return outcome
    }

    /// Waits for the fetch that is under way; when it has ended meanwhile, its token is there.
    private func turn() async -> Result<Secret, ProviderError> {
        await withCheckedContinuation { (waiter: Waiter) in
            let known = state.withLock { state -> Result<Secret, ProviderError>? in
                guard state.waiters != nil else {
                    let fault = ProviderFault(.transient, message: "the access token could not be fetched")
                    return state.token.map { .success($0) } ?? .failure(ProviderError(fault))
                }
                state.waiters?.append(waiter)
                return nil
            }
            if let known { waiter.resume(returning: known) }
        }
    }

    private struct Grant {
        let token: Secret
        let endsAtMilliseconds: Int64
    }

    private struct TokenAnswer: Decodable {
        let accessToken: String
        let expiresIn: Int64?

        private enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case expiresIn = "expires_in"
        }
    }

    private func fetch() async -> Result<Grant, ProviderError> {
        do {
            let startedAt = exchange.environment.elapsedMilliseconds()
            let answer = try await exchange.read(try request())
            guard answer.status == 200 else {
                let fault = answer.googleFault(.vertex, on: .token, now: exchange.environment.now())
                return .failure(ProviderError(fault))
            }
            guard let body = answer.decode(TokenAnswer.self), !body.accessToken.isEmpty else {
                return .failure(ProviderError(ProviderFault(.unknown, message: "the token answer cannot be read")))
            }
            let lifetime = min(max(body.expiresIn ?? 3_600, 0), 86_400) * 1_000
            // Short-lived tokens are used at least for the call that asked for them.
            let ends = startedAt + max(lifetime, Self.reserveMilliseconds + 1_000)
            return .success(Grant(token: Secret(body.accessToken), endsAtMilliseconds: ends))
        } catch {
            return .failure(error)
        }
    }

    private func request() throws(ProviderError) -> HTTPClientRequest {
        let assertion: String
        do {
            assertion = try account.assertion(atSeconds: exchange.environment.now().milliseconds / 1_000)
        } catch {
            throw ProviderError(ProviderFault(.auth, message: "the service account's key cannot sign"))
        }
        var request = HTTPClientRequest(url: account.tokenURL)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "User-Agent", value: "rushes")
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        request.body = .bytes(ByteBuffer(string: "grant_type=\(grant)&assertion=\(assertion)"))
        return request
    }
}
