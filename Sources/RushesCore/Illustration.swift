/// The work of giving one stored video its still images: best effort, after the task has succeeded, so that nothing
/// which is charged or refunded ever waits for it.
package struct Illustration: Sendable, Equatable {
    /// The video.
    package let asset: Asset
    /// The attempt that made it.
    package let attempt: Int
    /// The provider's job, where the images may still be.
    package let job: ProviderJobID
    /// Whose job it is.
    package let lane: LaneID
    /// Length of the video as it was asked for.
    package let seconds: Int
    /// The images that it does not have yet.
    package let missing: [AssetImage.Kind]
    /// How often it has been taken up, this time included; also the fencing number of the work.
    package let tries: Int

    /// Milliseconds that one try may last before another worker may try.
    package static let leaseMilliseconds: Int64 = 120_000
    /// Milliseconds from one try to the next; all of them pass while the shortest-lived assets are still at their
    /// provider, which is an hour.
    private static let pausesMilliseconds: [Int64] = [5_000, 30_000, 120_000, 600_000, 1_200_000]

    /// Work from its parts.
    package init(
        asset: Asset, attempt: Int, job: ProviderJobID, lane: LaneID, seconds: Int, missing: [AssetImage.Kind],
        tries: Int
    ) {
        self.asset = asset
        self.attempt = attempt
        self.job = job
        self.lane = lane
        self.seconds = seconds
        self.missing = missing
        self.tries = tries
    }

    /// True when there is no try after this one.
    package var isLastTry: Bool { tries > Self.pausesMilliseconds.count }

    /// When to try again, after a try that could not get everything; nil when that was the last.
    package func nextTry(after now: Timestamp) -> Timestamp? {
        isLastTry ? nil : now.adding(milliseconds: Self.pausesMilliseconds[max(tries, 1) - 1])
    }

    /// Where an image of this try is kept: no other try writes there.
    package func blobKey(_ kind: AssetImage.Kind, _ format: ImageFormat) -> String {
        "\(asset.organization)/\(asset.batch)/\(asset.task)-\(attempt).\(kind.rawValue)-\(tries)"
            + ".\(format.fileExtension)"
    }
}
