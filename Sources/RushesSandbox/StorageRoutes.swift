import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The storage service's JSON API, as far as videos need it: list, describe, download, delete.
struct StorageRoutes: Sendable {
    let sandbox: Sandbox

    func add(to group: RouterGroup<SandboxContext>) {
        group.get("storage/v1/b/{bucket}/o", use: list)
        group.get("storage/v1/b/{bucket}/o/{object}", use: get)
        group.delete("storage/v1/b/{bucket}/o/{object}", use: delete)
    }

    private struct Object: Encodable {
        let kind = "storage#object"
        let bucket: String
        let name: String
        let contentType = "video/mp4"
        let timeCreated: String

        private enum CodingKeys: String, CodingKey {
            case kind, bucket, name, contentType, timeCreated
        }
    }

    private struct Listing: Encodable {
        let kind = "storage#objects"
        let items: [Object]?
        let nextPageToken: String?

        private enum CodingKeys: String, CodingKey {
            case kind, items, nextPageToken
        }
    }

    private func list(_ request: Request, _ context: SandboxContext) async throws -> Response {
        sandbox.count(.list)
        let bucket = try context.parameters.require("bucket")
        let query = request.uri.queryParameters
        let prefix = query["prefix"].map(String.init) ?? ""
        // A page follows a name, not a number: what is written between two pages moves nothing to the next one.
        let last = query["pageToken"].map { $0.removingPercentEncoding ?? String($0) } ?? ""
        let objects = finished(in: bucket).filter { $0.name.hasPrefix(prefix) && $0.name > last }
            .sorted { $0.name < $1.name }
        let page = Array(objects.prefix(SandboxLimits.storagePageMax))
        return try Response.json(
            Listing(
                items: page.isEmpty ? nil : page,
                nextPageToken: page.count < objects.count ? page.last?.name : nil))
    }

    private func get(_ request: Request, _ context: SandboxContext) async throws -> Response {
        let (object, record) = try find(context)
        guard request.uri.queryParameters["alt"] == "media" else { return try Response.json(object) }
        sandbox.count(.download)
        return Response(
            status: .ok, headers: [.contentType: "video/mp4"],
            body: try await sandbox.body(of: record, .video, context))
    }

    private func delete(_ request: Request, _ context: SandboxContext) async throws -> Response {
        let (_, record) = try find(context)
        try await sandbox.journal.append(.deleted(id: record.job.id))
        return Response(status: .noContent)
    }

    private func find(_ context: SandboxContext) throws -> (Object, JobStore.Record) {
        let bucket = try context.parameters.require("bucket")
        let name = try context.parameters.require("object").removingPercentEncoding ?? ""
        guard let id = name.split(separator: "/").dropLast().last,
            let record = sandbox.record(String(id), .vertex),
            let object = finished(record.job, in: bucket), object.name == name
        else { throw GoogleRefusal.unknown("No such object: \(bucket)/\(name)") }
        return (object, record)
    }

    private func finished(in bucket: String) -> [Object] {
        sandbox.store.jobs { $0.surface == .vertex }.compactMap { finished($0, in: bucket) }
    }

    /// The object of a job that has written its video; nil while or when it has not.
    private func finished(_ job: VideoJob, in bucket: String) -> Object? {
        let now = sandbox.clock.now()
        guard job.state(at: now).status == .completed, job.content != .empty, let endedAt = job.endsAt,
            let expiresAt = job.contentExpiresAt(), now < expiresAt || job.content != .expired
        else { return nil }
        guard let address = job.storageAddress, address.hasPrefix("gs://\(bucket)/") else { return nil }
        let created = Date(timeIntervalSince1970: Double(endedAt) / 1000)
        return Object(
            bucket: bucket, name: String(address.dropFirst("gs://\(bucket)/".count)),
            timeCreated: created.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
