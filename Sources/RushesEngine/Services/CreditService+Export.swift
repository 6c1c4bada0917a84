package import RushesCore
import RushesDatabase
import RushesStore

/// Where a wallet's ledger stands at the beginning of an export: what the last line says and where the pages end.
package struct LedgerExport: Sendable, Equatable {
    /// Whose ledger it is.
    package let organization: OrganizationID
    /// The last transaction of the export.
    package let end: LedgerEnd
    /// Every lot at that number, in the order of their grants.
    package let lots: [LotStanding]
}

extension CreditService {
    /// Begins an export on one snapshot; transactions that are posted while it is read do not belong to it.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func ledgerExport(of organization: OrganizationID) async throws -> LedgerExport {
        try await engine.database.read { reader in
            guard let wallet = try reader.wallet(organization) else { throw Refusal.notFound }
            return LedgerExport(
                organization: organization,
                end: LedgerEnd(
                    sequence: wallet.ledgerSequence, chainHead: wallet.chainHead, available: wallet.available,
                    held: wallet.held),
                lots: try reader.allLots(of: organization).map {
                    LotStanding(id: $0.id, origin: $0.origin, balances: LotBalances($0))
                })
        }
    }

    /// A page of an export's transactions with all their lines, behind a number; empty at its end.
    ///
    /// - Throws: `DatabaseError`.
    package func page(of export: LedgerExport, after sequence: Int) async throws -> [LedgerLink] {
        if sequence >= export.end.sequence { return [] }
        return try await engine.database.read { reader in
            let links = try reader.ledgerLinks(
                of: export.organization, after: sequence, upTo: export.end.sequence,
                limit: Limits.ledgerTransactionsPerPage)
            if links.isEmpty { throw DatabaseError(.decoding, "the ledger has no transactions after \(sequence)") }
            return links
        }
    }
}
