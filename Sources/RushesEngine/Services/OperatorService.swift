package import RushesCore
import RushesDatabase
package import RushesStore

/// What the people who run an installation do.
package struct OperatorService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }
}

extension OperatorService {
    /// Adds an organization with an empty wallet and a first key; the secret is shown this once.
    ///
    /// - Throws: `Refusal.invalidArgument`, `DatabaseError`.
    package func createOrganization(
        named name: String
    ) async throws -> (organization: OrganizationID, key: APIKey, secret: APIKeySecret) {
        guard !name.isEmpty, name.count <= Limits.nameCharactersMax, !name.hasControlCharacters else {
            throw Refusal.invalidArgument(
                name: "name", reason: "a name has 1 to \(Limits.nameCharactersMax) characters and no control characters"
            )
        }
        let id = engine.environment.ids.next(OrganizationIdentity.self)
        let secret = APIKeySecret(engine.environment.random)
        let keyID = engine.environment.ids.next(APIKeyIdentity.self)
        let key = try await engine.database.write { transaction in
            try transaction.insertOrganization(id, name: name)
            let key = APIKey(id: keyID, organization: id, label: "first", createdAt: transaction.now)
            try transaction.insert(key, secretHash: secret.hash)
            return key
        }
        return (id, key, secret)
    }

    /// Adds a key to an organization; the secret is shown this once.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func createKey(
        for organization: OrganizationID, label: String
    ) async throws -> (key: APIKey, secret: APIKeySecret) {
        guard label.count <= Limits.nameCharactersMax, !label.hasControlCharacters else {
            throw Refusal.invalidArgument(name: "label", reason: "a label has no control characters")
        }
        let secret = APIKeySecret(engine.environment.random)
        let id = engine.environment.ids.next(APIKeyIdentity.self)
        let key = try await engine.database.write { transaction in
            guard try transaction.organizationExists(organization) else { throw Refusal.notFound }
            let key = APIKey(id: id, organization: organization, label: label, createdAt: transaction.now)
            try transaction.insert(key, secretHash: secret.hash)
            return key
        }
        return (key, secret)
    }

}
