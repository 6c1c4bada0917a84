/// A stored video.
package struct Asset: Sendable, Equatable {
    /// The asset.
    package let id: AssetID
    /// The owner.
    package let organization: OrganizationID
    /// The task whose video it is.
    package let task: TaskID
    /// The task's batch.
    package let batch: BatchID
    /// Where the blob store keeps it.
    package let blobKey: String
    /// Length in bytes.
    package let bytes: Int64
    /// SHA-256 of the content, in lower-case hexadecimal.
    package let sha256: String
    /// When it was stored.
    package let createdAt: Timestamp

    /// An asset from its parts.
    package init(
        id: AssetID, organization: OrganizationID, task: TaskID, batch: BatchID, blobKey: String, bytes: Int64,
        sha256: String, createdAt: Timestamp
    ) {
        self.id = id
        self.organization = organization
        self.task = task
        self.batch = batch
        self.blobKey = blobKey
        self.bytes = bytes
        self.sha256 = sha256
        self.createdAt = createdAt
    }
}
