import Hummingbird
import RushesCore
import RushesWire

/// Reads the request that creates a batch, in any of its three formats.
struct BatchInputReader {
    private let call: Call

    init(_ call: Call) {
        self.call = call
    }

    private static let sheetParameters: Set<String> = [
        "dry_run", "request_id", "model", "name", "max_concurrency", "window_hours", "project",
    ]
    /// The key of a quote that has none: a dry run does not look at it.
    private static let dryRunKey = "dry-run"

    /// - Throws: `Problem`, `JSONDefect`, `SheetDefect`.
    func read() async throws -> (parsed: ParsedBatch, isDryRun: Bool) {
        let type = try ContentType(of: call.request.headers, allowed: ContentType.allCases)
        let query = try call.query(type == .json ? ["dry_run"] : Self.sheetParameters)
        let isDryRun = try query.flag("dry_run")
        switch type {
        case .json:
            let bytes = try await body()
            return (try BatchJSON.read(bytes, otherwiseRequestID: isDryRun ? Self.dryRunKey : nil), isDryRun)
        case .csv:
            let envelope = try envelope(query, isDryRun)
            return (try BatchCSV.read(try await body(), envelope), isDryRun)
        case .jsonLines:
            let envelope = try envelope(query, isDryRun)
            return (try BatchJSONL.read(try await body(), envelope), isDryRun)
        }
    }

    private func body() async throws -> [UInt8] {
        try await call.request.bodyBytes(upTo: Limits.batchBodyBytesMax)
    }

    private func envelope(_ query: QueryParameters, _ isDryRun: Bool) throws(Problem) -> SheetEnvelope {
        guard let requestID = query["request_id"] ?? (isDryRun ? Self.dryRunKey : nil) else {
            throw .invalid(parameter: "request_id", "missing_parameter", "request_id is required")
        }
        guard let model = query["model"] else {
            throw .invalid(parameter: "model", "missing_parameter", "model is required")
        }
        return SheetEnvelope(
            requestID: requestID, model: model, name: query["name"],
            maxConcurrency: try query.integer("max_concurrency", 1...Limits.tasksPerBatchMax),
            windowHours: try query.integer("window_hours", 1...Limits.windowHoursMax), project: query["project"])
    }
}
