import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Tells a receiver of videos of the OpenAI dialect that have ended, with the sandbox's own kinds of trouble: twice,
/// late so that the order is lost, never, or with a signature of somebody else.
struct WebhookSender: Service {
    let url: String
    let signature: WebhookSignature
    let store: JobStore
    let clock: SandboxClock
    let logger: Logger

    /// What the markers of a prompt make of its event.
    enum Trouble: String, CaseIterable, Sendable {
        case twice = "[sim:webhook-twice]"
        case late = "[sim:webhook-late]"
        case never = "[sim:webhook-never]"
        case forged = "[sim:webhook-forged]"

        static func of(_ prompt: String) -> Trouble? { allCases.first { prompt.contains($0.rawValue) } }
    }

    /// Looks for endings until shutdown; what ended before it began is not told.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                var told = clock.now()
                while !Task.isCancelled {
                    let (from, now) = (told, clock.now())
                    for job in store.jobs(where: { Self.hasEnded($0, after: from, until: now) }) {
                        group.addTask { await tell(job) }
                    }
                    told = now
                    // Only cancelled by the shutdown.
                    try? await Task.sleep(for: .milliseconds(SandboxLimits.webhookLookMilliseconds))
                }
            }
        }
    }

    private static func hasEnded(_ job: VideoJob, after start: UnixMilliseconds, until now: UnixMilliseconds) -> Bool {
        guard (job.surface ?? .openAI) == .openAI, let end = job.endsAt else { return false }
        return end > start && end <= now
    }

    private func tell(_ job: VideoJob) async {
        let trouble = Trouble.of(job.prompt)
        switch trouble {
        case .never: return
        case .late: try? await Task.sleep(for: .seconds(SandboxLimits.webhookLateSeconds))  // The shutdown ends it.
        case .twice, .forged, nil: break
        }
        for _ in 0..<(trouble == .twice ? 2 : 1) { await deliver(job, isForged: trouble == .forged) }
    }

    /// One event, up to three times until it is taken; a repetition has the same identifier.
    private func deliver(_ job: VideoJob, isForged: Bool) async {
        for attempt in 1...SandboxLimits.webhookAttempts {
            do {
                let status = try await HTTPClient.shared.execute(
                    request(job, isForged: isForged), timeout: .seconds(5)
                ).status.code
                if (200..<300).contains(status) { return }
                logger.info("A webhook was refused", metadata: ["video": "\(job.id)", "status": "\(status)"])
            } catch {
                logger.info("A webhook did not arrive", metadata: ["video": "\(job.id)", "error": "\(error)"])
            }
            if attempt < SandboxLimits.webhookAttempts { try? await Task.sleep(for: .seconds(1)) }
        }
    }

    private func request(_ job: VideoJob, isForged: Bool) -> HTTPClientRequest {
        let type = job.ending == .completed ? "video.completed" : "video.failed"
        let name = Fingerprint.hex(job.id, length: 32)
        let body =
            #"{"id":"evt_\#(name)","object":"event","created_at":\#((job.endsAt ?? 0) / 1000),"type":"\#(type)","#
            + #""data":{"id":"\#(job.id)"}}"#
        let seconds = clock.now() / 1000
        let signed = signature.sign(id: "wh_" + name, seconds: seconds, body: isForged ? body + " " : body)
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = [
            "content-type": "application/json", "user-agent": "rushes-sandbox", "webhook-id": "wh_" + name,
            "webhook-timestamp": String(seconds), "webhook-signature": signed,
        ]
        request.body = .bytes(ByteBuffer(string: body))
        return request
    }
}
