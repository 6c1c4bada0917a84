import RushesCore
import RushesWebhooks
import Synchronization

/// Answers look-ups from a script: the first answers first, the last one for ever.
final class ScriptedResolver: HostResolver {
    private let script: Mutex<[Result<[String], HostLookupFailure>]>
    private let names = Mutex<[String]>([])

    init(_ answers: [String]...) { script = Mutex(answers.map { .success($0) }) }
    init(failing failure: HostLookupFailure) { script = Mutex([.failure(failure)]) }

    /// Names that were asked for.
    var asked: [String] { names.withLock { $0 } }

    func addresses(of host: String, within milliseconds: Int64) async throws(HostLookupFailure) -> [NetworkAddress] {
        names.withLock { $0.append(host) }
        let answer = script.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        return try answer.get().compactMap { NetworkAddress($0) }
    }
}
