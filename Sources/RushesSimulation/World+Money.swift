import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

extension World {
    /// Something about a wallet that is no batch: new, or something that was sent before, as it was or changed.
    func nextMoneyCall() async throws -> ClientCall {
        let organization = chance.choice(of: history.organizations)
        if hasDisputes, chance.happens(400) { return try await nextDispute(organization) }
        switch chance.below(13) {
        case 0, 1: return nextOpening(organization)
        case 2, 3: return nextPayment()
        case 4: return nextRefund()
        case 5, 6: return ClientCall(.money(.grant(nextGrant(organization))), by: organization)
        case 7, 8: return nextAdjustment(organization)
        case 9, 10, 11: return nextBudget(organization)
        default:
            let mark = chance.happens(700) ? Credits(micros: chance.between(Int64(1), 20_000_000)) : nil
            return ClientCall(.money(.alert(mark)), by: organization)
        }
    }

    private func nextOpening(_ organization: OrganizationID) -> ClientCall {
        if !history.money.openings.isEmpty, chance.happens(400) {
            let old = chance.choice(of: history.money.openings)
            let order = chance.happens(300) ? PurchaseOrder.topup(Credits(micros: 1_234_567)) : old.order
            return ClientCall(.money(.open(order, requestID: old.requestID)), by: old.organization)
        }
        let order: PurchaseOrder =
            chance.happens(500)
            ? .package(chance.choice(of: ["small", "odd"]))
            : .topup(Credits(micros: chance.between(Int64(1), 9_000_000)))
        let requestID = "order-\(history.money.openings.count + 1)"
        history.money.openings.append((organization, order, requestID))
        return ClientCall(.money(.open(order, requestID: requestID)), by: organization)
    }

    /// A payment that comes for the first time, once more, or for a purchase that was called off.
    private func nextPayment() -> ClientCall {
        if !history.money.payments.isEmpty, chance.happens(300) {
            let old = chance.choice(of: history.money.payments)
            return ClientCall(.money(.confirm(old.id, reference: old.reference)), by: old.organization)
        }
        guard !history.money.purchases.isEmpty else { return nextOpening(chance.choice(of: history.organizations)) }
        let (organization, id) = chance.choice(of: history.money.purchases)
        if chance.happens(200) { return ClientCall(.money(.callOff(id)), by: organization) }
        let reference = "bank-\(history.money.payments.count + 1)"
        history.money.payments.append((organization, id, reference))
        return ClientCall(.money(.confirm(id, reference: reference)), by: organization)
    }

    private func nextRefund() -> ClientCall {
        guard !history.money.purchases.isEmpty else { return nextOpening(chance.choice(of: history.organizations)) }
        let (organization, id) = chance.choice(of: history.money.purchases)
        return ClientCall(.money(.refund(id, reference: "back-\(id)")), by: organization)
    }

    private func nextGrant(_ organization: OrganizationID) -> GrantOrder {
        if !history.money.grants.isEmpty, chance.happens(300) { return chance.choice(of: history.money.grants) }
        let lifetime = chance.choice(of: [2_000, 30_000, 200_000, 2_000_000])
        let order = GrantOrder(
            organization: organization, origin: chance.choice(of: [.promo, .slaCredit]),
            face: Credits(micros: chance.between(Int64(1), 8_000_000)),
            expiresAt: chance.happens(800) ? clock.now.adding(milliseconds: Int64(lifetime)) : nil,
            reference: "gift-\(history.money.grants.count + 1)", reason: "autumn", by: "first")
        history.money.grants.append(order)
        return order
    }

    private func nextAdjustment(_ organization: OrganizationID) -> ClientCall {
        if !history.money.adjustments.isEmpty, chance.happens(650) {
            let (owner, id) = chance.choice(of: history.money.adjustments)
            let name = chance.happens(250) ? MoneyCall.proposer : "second"
            return ClientCall(.money(.decide(id, chance.happens(800) ? .approve : .reject, by: name)), by: owner)
        }
        let amount = chance.between(Int64(1), 3_000_000)
        return ClientCall(.money(.propose(Credits(micros: chance.happens(500) ? amount : -amount))), by: organization)
    }
}

extension World {
    /// Looks whether what was heard about a wallet is what stands in the database, now and whenever it was asked
    /// before.
    func check(_ call: MoneyCall, _ answer: ClientCall.Answer?, of organization: OrganizationID) async throws {
        switch call {
        case .open(let order, let requestID): try await checkOpening(order, requestID, answer, organization)
        case .refund(let id, let reference): try await checkRefund(id, reference, answer)
        case .grant(let order): try await checkGrant(order, answer)
        case .dispute(let id, let amount, let reference): try await checkDispute(id, amount, reference, answer)
        case .bankDecides(let id, let decision): try await checkDecision(id, decision, answer)
        case .callOff, .confirm, .propose, .decide, .alert, .budget: try checkHeard(call, answer, organization)
        }
    }

    private func checkOpening(
        _ order: PurchaseOrder, _ requestID: String, _ answer: ClientCall.Answer?, _ organization: OrganizationID
    ) async throws {
        let key = "\(organization) \(requestID)"
        let found = try await database.read { try $0.purchaseIntent(requestID: requestID, of: organization) }
        if let known = history.money.purchaseOfKey[key], known != found?.id {
            throw fail(["\(key): the purchase was \(known), now it is another"])
        }
        if let found, history.money.purchaseOfKey.updateValue(found.id, forKey: key) == nil {
            history.money.purchases.append((organization, found.id))
        }
        switch answer {
        case nil: return
        case .money(.opened(let opening)):
            if opening.intent.id != found?.id || found?.firstDifference(from: order) != nil {
                throw fail(["\(key): the answer is not the purchase"])
            }
        case .refused(.idempotencyMismatch):
            if found?.firstDifference(from: order) == nil { throw fail(["\(key): refused as another order"]) }
        case .refused(.tooManyPendingPurchases): return
        case .refused(let refusal): throw fail(["\(key): refused as \(refusal)"])
        case .some: throw fail(["\(key): answered something else"])
        }
    }

    private func checkRefund(_ id: PurchaseID, _ reference: String, _ answer: ClientCall.Answer?) async throws {
        let found = try await database.read { try $0.refund(of: id) }
        if let known = history.money.refunds[reference], known != found {
            throw fail(["\(reference): paid back was \(known), now it is another"])
        }
        history.money.refunds[reference] = found
        switch answer {
        case nil: return
        case .money(.refunded(let refund)):
            if refund != found { throw fail(["\(reference): the answer is not what was paid back"]) }
        case .refused(.purchaseChanged(let change)):
            // A purchase is paid back by one reference only, so what was paid back is answered again.
            if change.from == .refunded { throw fail(["\(reference): refused, and it was paid back by this"]) }
        case .refused(.refundRefused), .refused(.disputeRefused(.isDisputed)): return
        case .refused(let refusal): throw fail(["\(reference): refused as \(refusal)"])
        case .some: throw fail(["\(reference): answered something else"])
        }
    }

    private func checkGrant(_ order: GrantOrder, _ answer: ClientCall.Answer?) async throws {
        let found = try await database.read { try $0.creditGrant(reference: order.reference) }
        switch answer {
        case nil: return
        case .money(.granted(let grant)):
            if grant != found || grant.face != order.face || grant.expiresAt != order.expiresAt {
                throw fail(["\(order.reference): the answer is not the gift"])
            }
        case .refused(.invalidArgument(name: "expires_at", _)):
            if found != nil { throw fail(["\(order.reference): refused, and it is there"]) }
        case .refused(let refusal): throw fail(["\(order.reference): refused as \(refusal)"])
        case .some: throw fail(["\(order.reference): answered something else"])
        }
    }

    private func checkHeard(
        _ call: MoneyCall, _ answer: ClientCall.Answer?, _ organization: OrganizationID
    ) throws {
        switch answer {
        case nil, .refused(.purchaseChanged), .refused(.purchaseMismatch): return
        case .refused(.adjustmentRefused(let refusal)):
            if case .decide(_, _, MoneyCall.proposer) = call { return }
            if refusal == .needsAnotherPerson { throw fail(["\(call): refused as \(refusal)"]) }
        case .money(.adjustment(let adjustment)):
            if adjustment.state == .approved, adjustment.decidedBy == adjustment.proposal.by {
                throw fail(["\(adjustment.id) was approved by who proposed it"])
            }
            if adjustment.state == .proposed { history.money.adjustments.append((organization, adjustment.id)) }
        case .money: return
        case .some(let other): throw fail(["\(call): answered \(other)"])
        }
    }
}
