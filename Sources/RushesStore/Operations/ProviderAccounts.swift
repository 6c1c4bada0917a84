package import RushesCore
package import RushesDatabase

private let accountColumns = """
    name, breaker, cause, faults, poll_faults, changed_at, probe_at, openings, polls_per_minute
    """

extension SQLRow {
    fileprivate func account() throws(DatabaseError) -> ProviderAccount {
        let breaker = Breaker(
            state: try value(1, Breaker.State.self),
            cause: try optionalText(2).flatMap(ProviderFault.Class.init(rawValue:)), faults: try int(3),
            pollFaults: try int(4), changedAt: try optionalTime(5), probeAt: try optionalTime(6), openings: try int(7))
        return ProviderAccount(name: try text(0), breaker: breaker, pollsPerMinute: try int(8))
    }
}

extension SQLReading {
    /// The accounts that have ever been looked at, by name; the others are as new.
    package func providerAccounts() throws(DatabaseError) -> [String: ProviderAccount] {
        var accounts: [String: ProviderAccount] = [:]
        for row in try query("SELECT \(accountColumns) FROM provider_account ORDER BY name", []) {
            let account = try row.account()
            accounts[account.name] = account
        }
        return accounts
    }

    /// An account as it stands, without a lock; one that was never looked at is as new.
    package func providerAccount(_ name: String) throws(DatabaseError) -> ProviderAccount {
        try selectAccount(name, suffix: "") ?? ProviderAccount(name: name)
    }

    fileprivate func selectAccount(_ name: String, suffix: String) throws(DatabaseError) -> ProviderAccount? {
        try query("SELECT \(accountColumns) FROM provider_account WHERE name = $1\(suffix)", [.text(name)]).first?
            .account()
    }
}

extension SQLTransaction {
    /// An account, locked until the end of the transaction: after its lane, before organizations. It is made when it
    /// is locked for the first time.
    package func lockProviderAccount(_ name: String) throws(DatabaseError) -> ProviderAccount {
        if let account = try selectAccount(name, suffix: dialect.forUpdate) { return account }
        try execute(
            "INSERT INTO provider_account (name, breaker) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            [.text(name), .text(Breaker.State.closed.rawValue)])
        guard let account = try selectAccount(name, suffix: dialect.forUpdate) else {
            throw DatabaseError(.decoding, "provider account \(name) was not made")
        }
        return account
    }

    /// Sets how many polls per minute an account takes, over all its lanes; answers how many it took before.
    func limitPolls(of name: String, _ pollsPerMinute: Int) throws(DatabaseError) -> Int {
        let account = try lockProviderAccount(name)
        try save(ProviderAccount(name: name, breaker: account.breaker, pollsPerMinute: pollsPerMinute))
        return account.pollsPerMinute
    }

    /// Writes a locked account.
    package func save(_ account: ProviderAccount) throws(DatabaseError) {
        let breaker = account.breaker
        try execute(
            """
            UPDATE provider_account SET breaker = $1, cause = $2, faults = $3, poll_faults = $4, changed_at = $5,
              probe_at = $6, openings = $7, polls_per_minute = $8 WHERE name = $9
            """,
            [
                .text(breaker.state.rawValue), .optional(breaker.cause?.rawValue), .int(breaker.faults),
                .int(breaker.pollFaults), .time(breaker.changedAt), .time(breaker.probeAt), .int(breaker.openings),
                .int(account.pollsPerMinute), .text(account.name),
            ])
    }
}
