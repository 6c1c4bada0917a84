import Foundation
import RushesClient
import RushesWire

/// The customer's part of the demo: only the public API.
struct DemoCustomer {
    /// The server.
    let baseURL: String
    /// The demo's folder.
    let directory: String
    /// Organization and key.
    let account: OrganizationCreated

    private var videos: String { directory + "/videos" }
    private var credentials: String { directory + "/credentials.json" }

    /// Submits the sheet, follows it to its end, and shows where everything went.
    func play(with client: RushesClient) async throws {
        try writeCredentials()
        let submission = try await client.submit(DemoSheet.request(id: "demo-\(account.organizationID)"))
        heading("Batch")
        output(
            "\(submission.batch.id): \(submission.batch.counts.total) prompts"
                + " x \(dollars(submission.batch.unitPriceMicros)) = \(dollars(submission.batch.frozenMicros)) frozen")
        let watch = BatchWatch(
            client: client, batch: submission.batch.id, timeoutSeconds: 120,
            farewell: "stopped, and the demo's server with it; what it had accepted goes on at the next start")
        let batch = try await watch.untilEnd()
        output(batch.summary)
        try await tellFailures(of: batch, client)
        try await tellLedger(of: batch, client)
        try await tellWallet(of: batch, client)
        try await fetchVideos(of: batch, client)
    }

    private func tellFailures(of batch: BatchBody, _ client: RushesClient) async throws {
        let tasks = try await client.allTasks(of: batch.id)
        heading("Failed tasks and their refunds")
        failureTable(tasks.filter { $0.failure != nil }, unitPriceMicros: batch.unitPriceMicros).forEach(output)
        let expected = Dictionary(uniqueKeysWithValues: DemoSheet.rows.map { ($0.task.customID ?? "", $0.failure) })
        let surprises = tasks.filter { expected[$0.customID] != .some($0.failure?.type) }
        guard surprises.isEmpty else {
            throw Complaint(
                message: "tasks did not end as their prompts ask for",
                details: surprises.map { "\($0.customID): \($0.status) \($0.failure?.type ?? "")" })
        }
    }

    private func tellLedger(of batch: BatchBody, _ client: RushesClient) async throws {
        heading("Ledger of the batch (double entry, append-only, hash-chained)")
        ledgerTable(try await client.wholeLedger(batch: batch.id)).forEach(output)
    }

    private func tellWallet(of batch: BatchBody, _ client: RushesClient) async throws {
        let wallet = try await client.wallet()
        heading("Wallet")
        let charged = batch.unitPriceMicros * Int64(DemoSheet.expectedSuccesses)
        output("granted \(dollars(wallet.grantedMicros))")
        output(
            "        = available \(dollars(wallet.availableMicros)) + held \(dollars(wallet.heldMicros))"
                + " + charged \(dollars(batch.chargedMicros))")
        output(
            "charged \(dollars(batch.chargedMicros)) = \(batch.counts.succeeded) x \(dollars(batch.unitPriceMicros)),"
                + " refunded \(dollars(batch.refundedMicros)) = \(batch.counts.failed)"
                + " x \(dollars(batch.unitPriceMicros))"
        )
        let balances = wallet.availableMicros + wallet.heldMicros + batch.chargedMicros
        guard wallet.grantedMicros == balances, batch.chargedMicros == charged, wallet.heldMicros == 0 else {
            throw Complaint(message: "the wallet's arithmetic is wrong")
        }
    }

    private func fetchVideos(of batch: BatchBody, _ client: RushesClient) async throws {
        let files = try await VideoDownload(
            client: client, batch: batch.id, folder: videos, jobs: 4, overwrites: true
        ).run()
        heading("Videos")
        output("\(files.count) MP4 files in \(videos)")
        guard files.count == DemoSheet.expectedSuccesses, let first = files.first else {
            throw Complaint(message: "\(DemoSheet.expectedSuccesses) videos were expected")
        }
        if let probe = try VideoProbe.find() { output("\(first.path): \(try probe.summary(of: first.path))") }
    }

    /// What to type next; the key itself stays in a file that only its owner can read.
    func tellNextSteps() {
        heading("Look around")
        output("export RUSHES_BASE_URL=\(baseURL)")
        output("export RUSHES_API_KEY=$(sed -n 's/.*\"api_key\": *\"\\([^\"]*\\)\".*/\\1/p' \(credentials))")
        output("curl -sS $RUSHES_BASE_URL/v1/wallet -H \"Authorization: Bearer $RUSHES_API_KEY\"")
    }

    private func writeCredentials() throws {
        let body = try WireJSON.encode(["base_url": baseURL, "api_key": account.apiKey])
        // It is missing in a new folder; a real obstacle shows when it is written.
        try? FileManager.default.removeItem(atPath: credentials)
        guard
            FileManager.default.createFile(
                atPath: credentials, contents: Data(body), attributes: [.posixPermissions: 0o600])
        else { throw Complaint(message: "\(credentials) could not be written") }
    }
}
