package import RushesCore
package import RushesDatabase

private let isKept = """
    NOT EXISTS (SELECT 1 FROM batch WHERE batch.id = asset.batch_id AND batch.tasks_removed_at IS NOT NULL)
    """
private let assetColumns = "id, organization_id, task_id, batch_id, blob_key, bytes, sha256, created_at"

extension SQLRow {
    fileprivate func asset() throws(DatabaseError) -> Asset {
        Asset(
            id: try id(0, AssetIdentity.self), organization: try id(1, OrganizationIdentity.self),
            task: try id(2, TaskIdentity.self), batch: try id(3, BatchIdentity.self), blobKey: try text(4),
            bytes: try integer(5), sha256: try text(6), createdAt: try time(7))
    }
}

extension SQLReading {
    /// An asset of an organization, unless the tasks of its batch are removed: then its video may be gone already.
    package func asset(_ id: AssetID, of organization: OrganizationID) throws(DatabaseError) -> Asset? {
        try query(
            "SELECT \(assetColumns) FROM asset WHERE id = $1 AND organization_id = $2 AND \(isKept)",
            [.text(id.rawValue), .text(organization.rawValue)]
        ).first?.asset()
    }

    /// Assets by their identifiers, for one page of results.
    package func assets(_ ids: [AssetID]) throws(DatabaseError) -> [AssetID: Asset] {
        if ids.isEmpty { return [:] }
        let list = SQLList(ids.map(\.rawValue))
        var found: [AssetID: Asset] = [:]
        for row in try query("SELECT \(assetColumns) FROM asset WHERE id IN (\(list.places))", list.values) {
            let asset = try row.asset()
            found[asset.id] = asset
        }
        return found
    }

    /// Assets in the order of their identifiers, after one of them, without those of batches whose tasks are removed:
    /// for a check of everything.
    package func assets(after id: String, limit: Int) throws(DatabaseError) -> [Asset] {
        try query(
            "SELECT \(assetColumns) FROM asset WHERE id > $1 AND \(isKept) ORDER BY id LIMIT $2",
            [.text(id), .int(limit)]
        ).map { row throws(DatabaseError) in try row.asset() }
    }
}

extension SQLTransaction {
    /// Adds stored videos, and has their still images looked for.
    func insert(_ assets: [Asset]) throws(DatabaseError) {
        if assets.isEmpty { return }
        try bulkInsert(
            "asset",
            ["id", "organization_id", "task_id", "batch_id", "blob_key", "bytes", "sha256", "created_at"],
            assets.map { asset in
                [
                    .text(asset.id.rawValue), .text(asset.organization.rawValue), .text(asset.task.rawValue),
                    .text(asset.batch.rawValue), .text(asset.blobKey), .integer(asset.bytes), .text(asset.sha256),
                    .time(asset.createdAt),
                ]
            })
        try insertIllustrations(of: assets)
    }
}
