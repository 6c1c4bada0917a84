import RushesCore
import RushesEngine
import RushesWire

extension TaskBody {
    init(_ task: VideoTask, unitPrice: Credits) {
        self.init(
            id: task.id.rawValue, batchID: task.batch.rawValue, index: task.index,
            customID: task.specification.customID, prompt: task.specification.prompt,
            seconds: task.specification.seconds, size: task.specification.size, status: task.state.rawValue,
            failure: task.failure.map(FailureBody.init), attempts: task.attempt, createdAt: task.createdAt.rfc3339,
            dispatchedAt: task.dispatchedAt?.rfc3339, finishedAt: task.finishedAt?.rfc3339,
            deadlineAt: task.deadlineAt?.rfc3339, assetID: task.asset?.rawValue,
            chargedMicros: task.charged(at: unitPrice)?.micros)
    }

    init(_ detail: TaskDetail) {
        self.init(detail.task, unitPrice: detail.unitPrice)
        attemptHistory = detail.attempts.map(AttemptBody.init)
    }
}

extension FailureBody {
    init(_ failure: Failure) {
        self.init(type: failure.type.rawValue, message: failure.message, providerCode: failure.providerCode)
    }
}

extension AttemptBody {
    /// The provider's own words stay with the operator; the customer reads the type's message.
    init(_ attempt: Attempt) {
        self.init(
            number: attempt.number, provider: attempt.lane.provider, providerJobID: attempt.job?.rawValue,
            outcome: attempt.outcome.rawValue, startedAt: attempt.startedAt.rfc3339, endedAt: attempt.endedAt?.rfc3339,
            failure: attempt.faultClass.map { FailureBody(ProviderFault($0, message: "").failure) })
    }
}

extension ResultLine {
    init(_ result: TaskResult, unitPrice: Credits) {
        let task = result.task
        self.init(
            customID: task.specification.customID, taskID: task.id.rawValue, batchID: task.batch.rawValue,
            index: task.index, status: task.state.rawValue, failure: task.failure.map(FailureBody.init),
            chargedMicros: task.charged(at: unitPrice)?.micros, asset: result.asset.map(ResultAsset.init),
            finishedAt: task.finishedAt?.rfc3339)
    }
}

extension ResultAsset {
    init(_ asset: Asset) {
        self.init(
            id: asset.id.rawValue, contentPath: "/v1/assets/\(asset.id)/content", bytes: asset.bytes,
            sha256: asset.sha256, contentType: "video/mp4")
    }
}

extension AssetBody {
    init(_ asset: Asset, _ images: [AssetImage]) {
        self.init(
            id: asset.id.rawValue, taskID: asset.task.rawValue, batchID: asset.batch.rawValue,
            contentType: "video/mp4", bytes: asset.bytes, sha256: asset.sha256, createdAt: asset.createdAt.rfc3339,
            contentPath: "/v1/assets/\(asset.id)/content", images: images.map(AssetImageBody.init))
    }
}

extension AssetImageBody {
    init(_ image: AssetImage) {
        self.init(
            kind: image.kind.rawValue, contentType: image.format.contentType, bytes: image.bytes,
            sha256: image.sha256, contentPath: "/v1/assets/\(image.asset)/content?variant=\(image.kind.rawValue)")
    }
}
