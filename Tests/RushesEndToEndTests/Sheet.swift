import RushesClient
import RushesWire
import Testing

/// A sheet of prompts with the sandbox's markers, and how each task must end.
struct Sheet {
    /// Which marker, how many tasks of it, and the failure that they end with; nil for success.
    struct Part {
        let marker: String
        let count: Int
        let failure: String?
    }

    let parts: [Part]

    var count: Int { parts.reduce(0) { $0 + $1.count } }
    var successes: Int { parts.reduce(0) { $0 + ($1.failure == nil ? $1.count : 0) } }

    /// The sheet as CSV; `custom_id` tells the part.
    func file(requestID: String) -> BatchFile {
        var csv = "custom_id,prompt\r\n"
        for (index, part) in parts.enumerated() {
            for number in 0..<part.count {
                csv += "part-\(index)-\(number),\"A paper boat, no. \(number) \(part.marker)\"\r\n"
            }
        }
        return BatchFile(format: .csv, bytes: Array(csv.utf8), requestID: requestID, model: "sora-2", name: "sheet")
    }

    /// Each task ended as its marker asks for, with the money that belongs to it.
    func expect(_ tasks: [TaskBody], unitPrice: Int64) {
        #expect(tasks.count == count)
        for task in tasks {
            let part = task.customID.split(separator: "-").dropFirst().first.flatMap { Int($0) }.map { parts[$0] }
            #expect(task.failure?.type == part?.failure, "\(task.prompt)")
            #expect(task.status == (part?.failure == nil ? "succeeded" : "failed"), "\(task.prompt)")
            #expect(task.chargedMicros == (part?.failure == nil ? unitPrice : 0), "\(task.prompt)")
            #expect((task.assetID != nil) == (part?.failure == nil), "\(task.prompt)")
        }
    }

    /// The batch's and the wallet's money follow from the counts alone.
    func expect(_ batch: BatchBody, _ wallet: WalletBody, unitPrice: Int64) {
        let failures = Int64(count - successes)
        #expect(batch.status == (failures == 0 ? "completed" : "partial"))
        #expect(batch.counts.succeeded == successes && batch.counts.failed == Int(failures))
        #expect(batch.chargedMicros == Int64(successes) * unitPrice)
        #expect(batch.refundedMicros == failures * unitPrice)
        #expect(batch.heldMicros == 0 && batch.frozenMicros == Int64(count) * unitPrice)
        let granted = wallet.lots.reduce(0) { $0 + $1.faceMicros }
        #expect(wallet.heldMicros == 0 && wallet.availableMicros == granted - batch.chargedMicros)
    }
}
