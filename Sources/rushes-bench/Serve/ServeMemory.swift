import Foundation
import RushesCore

/// The memory of `rushes serve`, its sandbox inside it, while it takes a large batch over HTTP and works on it.
struct ServeMemory {
    let executable: String
    let tasks: Int
    private static let runningSeconds = 30

    func figures(in folder: BenchFolder) async throws -> [Figure] {
        let server = try await ServedRushes.start(executable, in: folder)
        do {
            let figures = try await measure(server, in: folder)
            server.stop()
            return figures
        } catch {
            server.stop()
            throw error
        }
    }

    private func measure(_ server: ServedRushes, in folder: BenchFolder) async throws -> [Figure] {
        let idle = try peak(of: server)
        let key = try server.customer(toppedUpBy: Int64(tasks) * 490_000)
        let seconds = try Stopwatch.seconds { try create(at: server, key: key, in: folder) }
        let created = try peak(of: server)
        for _ in 0..<Self.runningSeconds {
            try await Task.sleep(for: .seconds(1))
            guard server.isRunning else { throw ServeError(message: "rushes serve ended while the batch ran") }
        }
        return [
            Figure(name: "creating it over HTTP (curl, \(tasks) prompts of 200 bytes)", value: seconds, unit: "s"),
            Figure(name: "peak memory of rushes serve, idle", value: idle, unit: "MiB"),
            Figure(name: "  after the batch was created", value: created, unit: "MiB", goal: .atMost(250)),
            Figure(
                name: "  after \(Self.runningSeconds) s of running it", value: try peak(of: server), unit: "MiB",
                goal: .atMost(250)),
        ]
    }

    private func peak(of server: ServedRushes) throws -> Double {
        guard let bytes = PeakMemory.bytes(of: "\(server.processIdentifier)") else {
            throw ServeError(message: "rushes serve has ended; its log is above")
        }
        return Double(bytes) / 1_048_576
    }

    private func create(at server: ServedRushes, key: String, in folder: BenchFolder) throws {
        let body = folder.path(of: "batch.json")
        let request = CreateBody(
            requestID: "bench-http", model: BenchWorld.model.id,
            tasks: (0..<tasks).map { CreateBody.Row(prompt: BenchWorld.prompt($0)) })
        try JSONEncoder().encode(request).write(to: URL(filePath: body))
        let answer = try Command.output(
            "curl",
            [
                "--silent", "--show-error", "--fail-with-body", "--request", "POST", "--data-binary", "@\(body)",
                "--header", "Content-Type: application/json", "--header", "Authorization: Bearer \(key)",
                server.address + "/v1/batches",
            ])
        guard answer.contains(#""status""#) else { throw ServeError(message: "unexpected answer: \(answer)") }
    }

    private struct CreateBody: Encodable {
        struct Row: Encodable { let prompt: String }
        let requestID: String
        let model: String
        let tasks: [Row]

        enum CodingKeys: String, CodingKey {
            case requestID = "request_id"
            case model, tasks
        }
    }
}

/// The measured server did not do what the measurement needs.
struct ServeError: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
