/// A line of a provider's bill: what one of its jobs really cost.
package struct ProviderCharge: Sendable, Equatable {
    /// The provider's name of the job.
    package let job: ProviderJobID
    /// What the provider took for it.
    package let amount: Dollars

    /// A line from its parts.
    package init(job: ProviderJobID, amount: Dollars) {
        self.job = job
        self.amount = amount
    }
}

/// What became of the lines of a bill.
package struct ProviderBillImport: Sendable, Equatable {
    /// Lines of jobs that an attempt owns.
    package internal(set) var matched = 0
    /// Lines that were imported before, with the same amount.
    package internal(set) var replayed = 0
    /// Lines of jobs that no attempt owns: money for nothing that we know of.
    package internal(set) var unmatched: [ProviderCharge] = []
    /// Lines whose job was billed before at another amount; what was imported first stays.
    package internal(set) var conflicting: [ProviderCharge] = []

    /// Nothing imported yet.
    package init() {}

    /// Decides a line: `known` is the amount that was imported for its job, `isOwned` whether an attempt owns it.
    /// Answers true when it is to be written.
    package mutating func decide(_ charge: ProviderCharge, known: Dollars?, isOwned: Bool) -> Bool {
        if let known {
            if known == charge.amount { replayed += 1 } else { conflicting.append(charge) }
            return false
        }
        if isOwned { matched += 1 } else { unmatched.append(charge) }
        return true
    }
}
