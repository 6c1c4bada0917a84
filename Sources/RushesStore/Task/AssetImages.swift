package import RushesCore
package import RushesDatabase

private let imageColumns = "asset_id, kind, blob_key, format, bytes, sha256, created_at"

extension SQLRow {
    fileprivate func assetImage() throws(DatabaseError) -> AssetImage {
        AssetImage(
            asset: try id(0, AssetIdentity.self), kind: try value(1, AssetImage.Kind.self), blobKey: try text(2),
            format: try value(3, ImageFormat.self), bytes: try integer(4), sha256: try text(5),
            createdAt: try time(6))
    }
}

extension SQLReading {
    /// The images that assets have, by asset, in the order of their kinds.
    package func images(of assets: [AssetID]) throws(DatabaseError) -> [AssetID: [AssetImage]] {
        if assets.isEmpty { return [:] }
        let list = SQLList(assets.map(\.rawValue))
        var found: [AssetID: [AssetImage]] = [:]
        for row in try query(
            "SELECT \(imageColumns) FROM asset_image WHERE asset_id IN (\(list.places)) ORDER BY asset_id, kind",
            list.values)
        {
            let image = try row.assetImage()
            found[image.asset, default: []].append(image)
        }
        return found
    }

    /// True when the images of some asset are to be looked for now.
    package func isAnyIllustrationDue() throws(DatabaseError) -> Bool {
        try !query("SELECT 1 FROM illustration WHERE due_at <= $1 LIMIT 1", [.time(now)]).isEmpty
    }
}

extension SQLTransaction {
    /// Has the images of new assets looked for.
    func insertIllustrations(of assets: [Asset]) throws(DatabaseError) {
        try bulkInsert(
            "illustration", ["asset_id", "due_at", "tries"],
            assets.map { [.text($0.id.rawValue), .time($0.createdAt), 0] })
    }

    /// Takes up work that is due, longest due first: nobody else does until the lease is over; what another worker is
    /// just taking is passed by.
    package func claimIllustrations(limit: Int) throws(DatabaseError) -> [Illustration] {
        let rows = try query(
            """
            SELECT asset_id, tries FROM illustration WHERE due_at <= $1
            ORDER BY due_at LIMIT $2\(dialect.forUpdateSkippingLocked)
            """, [.time(now), .int(limit)])
        var tries: [AssetID: Int] = [:]
        for row in rows { tries[try row.id(0, AssetIdentity.self)] = try row.int(1) + 1 }
        let until = now.adding(milliseconds: Illustration.leaseMilliseconds)
        _ = try updateMany(
            RowUpdate(
                "illustration", set: [RowUpdate.Column("due_at", .integer), RowUpdate.Column("tries", .integer)],
                where: [RowUpdate.Column("asset_id", .text)]),
            tries.sorted { $0.key < $1.key }.map { [.time(until), .int($0.value), .text($0.key.rawValue)] })
        return try illustrations(tries)
    }

    /// Writes what a try has found, unless another one has begun meanwhile.
    ///
    /// - Parameter again: when to look for the rest; nil for never.
    /// - Returns: false when nothing was written.
    package func finish(
        _ work: Illustration, _ images: [AssetImage], again: Timestamp?
    ) throws(DatabaseError) -> Bool {
        let won = try execute(
            "UPDATE illustration SET due_at = $1 WHERE asset_id = $2 AND tries = $3 AND due_at IS NOT NULL",
            [.time(again), .text(work.asset.id.rawValue), .int(work.tries)])
        guard won == 1 else { return false }
        if images.isEmpty { return true }
        try bulkInsert(
            "asset_image", ["asset_id", "kind", "blob_key", "format", "bytes", "sha256", "created_at"],
            images.map { image in
                [
                    .text(image.asset.rawValue), .text(image.kind.rawValue), .text(image.blobKey),
                    .text(image.format.rawValue), .integer(image.bytes), .text(image.sha256), .time(image.createdAt),
                ]
            })
        return true
    }

    private func illustrations(_ tries: [AssetID: Int]) throws(DatabaseError) -> [Illustration] {
        let ids = tries.keys.sorted()
        if ids.isEmpty { return [] }
        let assets = try assets(ids)
        let images = try images(of: ids)
        let list = SQLList(ids.map(\.rawValue))
        let rows = try query(
            """
            SELECT asset.id, task.attempt, task.provider_job, task.lane_id, task.seconds
            FROM asset INNER JOIN task ON task.id = asset.task_id WHERE asset.id IN (\(list.places)) ORDER BY asset.id
            """, list.values)
        var found: [Illustration] = []
        for row in rows {
            let id = try row.id(0, AssetIdentity.self)
            guard let asset = assets[id], let tries = tries[id] else { continue }
            let kinds = Set((images[id] ?? []).map(\.kind))
            found.append(
                Illustration(
                    asset: asset, attempt: try row.int(1), job: ProviderJobID(try row.text(2)),
                    lane: LaneID(try row.text(3)), seconds: try row.int(4),
                    missing: AssetImage.Kind.allCases.filter { !kinds.contains($0) }, tries: tries))
        }
        return found
    }
}
