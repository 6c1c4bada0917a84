import RushesDatabase

extension Schema {
    /// The still images of stored videos, and the work that is left to get them.
    static func assetImages(_ dialect: SQLDialect) -> [String] {
        let statements = [
            """
            CREATE TABLE asset_image (
              asset_id TEXT NOT NULL REFERENCES asset (id), kind TEXT NOT NULL CHECK (kind IN ('poster', 'spritesheet')),
              blob_key TEXT NOT NULL, format TEXT NOT NULL CHECK (format IN ('jpeg', 'png', 'webp')),
              bytes BIGINT NOT NULL CHECK (bytes > 0), sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
              created_at BIGINT NOT NULL, PRIMARY KEY (asset_id, kind)
            )
            """,
            """
            CREATE TABLE illustration (
              asset_id TEXT PRIMARY KEY REFERENCES asset (id), due_at BIGINT,
              tries BIGINT NOT NULL CHECK (tries >= 0)
            )
            """,
            "CREATE INDEX illustration_due ON illustration (due_at) WHERE due_at IS NOT NULL",
        ]
        let seals = (SchemaSeal.appendOnly("asset_image") + [SchemaSeal.kept("illustration")])
            .flatMap { $0.statements(dialect) }
        switch dialect.name {
        case .sqlite: return statements + seals
        case .postgres:
            return statements.map(dialect.typed) + seals
                + ["asset_image", "illustration"].map(SchemaSeal.neverEmptied)
        }
    }
}
