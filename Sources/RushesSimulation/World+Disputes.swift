import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

extension World {
    /// A bank asks about a payment or decides: for the first time, once more, or another thing than before.
    func nextDispute(_ organization: OrganizationID) async throws -> ClientCall {
        if !history.money.disputes.isEmpty, chance.happens(550) {
            let (owner, id) = chance.choice(of: history.money.disputes.suffix(6))
            return ClientCall(.money(.bankDecides(id, chance.happens(400) ? .won : .lost)), by: owner)
        }
        let intents = try await database.read { try $0.purchaseIntents(of: organization, before: nil, limit: 8) }
        guard !intents.isEmpty else { return ClientCall(.money(.alert(nil)), by: organization) }
        let chosen = chance.choice(of: intents)
        let purchase = chosen.id
        if !history.money.claims.isEmpty, chance.happens(300) {
            let old = chance.choice(of: history.money.claims)
            let other = chance.happens(200) ? purchase : old.purchase
            return ClientCall(.money(.dispute(other, old.amount, reference: old.reference)), by: old.organization)
        }
        let number = history.money.claims.count + 1
        let reference = "chargeback-\(number)"
        // A part of the payment each second time: by the number, so that nothing else in the world comes another way.
        let part = Credits(micros: Int64(number * 37 % 100 + 1))
        let amount = number % 2 == 1 ? nil : part.scaled(by: chosen.offer.paid, over: Credits(micros: 100))
        history.money.claims.append((organization, purchase, amount, reference))
        return ClientCall(.money(.dispute(purchase, amount, reference: reference)), by: organization)
    }

    /// Looks whether what was heard about a new dispute is what stands in the database.
    func checkDispute(
        _ purchase: PurchaseID, _ amount: Dollars?, _ reference: String, _ answer: ClientCall.Answer?
    ) async throws {
        let found = try await database.read { try $0.dispute(reference: reference) }
        if let known = history.money.disputeOfReference[reference], known != found?.id {
            throw fail(["\(reference): the dispute was \(known), now it is another"])
        }
        if let found, history.money.disputeOfReference.updateValue(found.id, forKey: reference) == nil {
            history.money.disputes.append((found.claim.organization, found.id))
        }
        switch answer {
        case .money(.dispute(let dispute)):
            if dispute.id != found?.id || found?.claim.purchase != purchase || found?.claim.amount != amount {
                throw fail(["\(reference): the answer is not the dispute"])
            }
        case .refused(.disputeMismatch):
            if found?.claim.purchase == purchase, found?.claim.amount == amount {
                throw fail(["\(reference): refused as another dispute"])
            }
        case nil, .refused(.notFound), .refused(.disputeRefused(.isDisputed)),
            .refused(.disputeRefused(.nothingIsKept)), .refused(.disputeRefused(.exceedsKept)):
            return
        case .some(let other): throw fail(["\(reference): answered \(other)"])
        }
    }

    /// Looks whether a bank's decision stays as it was heard first.
    func checkDecision(
        _ id: DisputeID, _ decision: Dispute.Decision, _ answer: ClientCall.Answer?
    ) async throws {
        guard let found = try await database.read({ try $0.dispute(id) }) else {
            throw fail(["\(id): the dispute is gone"])
        }
        if let known = history.money.decisions[id], found.decision != known {
            throw fail(["\(id): the bank decided \(known), now it is \(found.state)"])
        }
        history.money.decisions[id] = found.decision
        switch answer {
        case .money(.dispute(let dispute)):
            if dispute.decision != decision { throw fail(["\(id): the answer is not the bank's decision"]) }
        case .refused(.disputeRefused(.isDecided)):
            if found.decision == decision { throw fail(["\(id): refused, and it is decided like that"]) }
        case nil: return
        case .some(let other): throw fail(["\(id): answered \(other)"])
        }
    }
}

extension Dispute {
    /// What the bank has decided; nil while it has not.
    fileprivate var decision: Decision? {
        switch state {
        case .open: nil
        case .won: .won
        case .lost, .chargedBack: .lost
        }
    }
}
