import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

extension World {
    /// Lets a client call, an operator change the catalogue, or the whole installation start again.
    func letClientAct() async throws {
        let roll = chance.below(100)
        if roll < 3 { return try await changeCatalogue() }
        if roll < 7 { return try await changeLimits() }
        if roll < 10 { return try await changeLane() }
        if roll < 12 { return changeWeather() }
        if roll < 16 { return try await hint() }
        if roll < 18 && provider.rates.crash > 0 { return try await restart() }
        if roll >= 97 && hasMonthEnds { return try await leapToMonthEnd() }
        let idle = actors.indices.filter { actors[$0].role == .client && !actors[$0].isBusy }
        guard !idle.isEmpty else { return }
        let number = chance.choice(of: idle)
        let engine = actors[number].engine
        let call = try await (79..<85).contains(roll) ? nextInvoiceCall() : nextCall(roll)
        trace.note("\(step) client asks \(call.shown)")
        try await start(number, Work(name: "client") { try await call.ask(engine) }, epilogue: call)
    }

    private func nextCall(_ roll: Int64) async throws -> ClientCall {
        if roll < 60 || history.batches.isEmpty { return nextCreate() }
        if roll < 70 { return nextPurchase() }
        if roll < 85 { return try await nextMoneyCall() }
        let (organization, id) = chance.choice(of: history.batches.suffix(6))
        switch chance.below(4) {
        case 0, 1: return ClientCall(.cancel(id), by: organization)
        case 2: return ClientCall(.freeze(id), by: organization)
        default: return ClientCall(.finalize(id), by: organization)
        }
    }

    /// New requests, old ones again, or old keys with another body: alone or several of one wallet at the same time.
    private func nextCreate() -> ClientCall {
        let organization = chance.choice(of: history.organizations)
        let count = chance.happens(250) ? chance.between(2, 5) : 1
        // Some batches of before keys were kept have none.
        let key = chance.happens(800) ? history.keys[organization] : nil
        return ClientCall(
            .create((0..<count).map { _ in nextDraft(of: organization) }, by: key), by: organization)
    }

    private func nextDraft(of organization: OrganizationID) -> BatchDraft {
        let sent = history.drafts.filter { $0.organization == organization }.map(\.draft)
        if !sent.isEmpty && !chance.happens(650) {
            var draft = chance.choice(of: sent)
            if chance.happens(350) { draft.tasks[chance.between(0, draft.tasks.count - 1)].prompt = "changed" }
            return draft
        }
        let draft = newDraft()
        history.drafts.append((organization, draft))
        return draft
    }

    /// Few prompts, so that many tasks cannot be told apart in a provider's listing.
    private func newDraft() -> BatchDraft {
        let prompts = chance.between(1, 4)
        let tasks = (0..<chance.between(1, chance.happens(200) ? 30 : 9)).map { _ in
            TaskDraft(prompt: "prompt \(chance.between(1, prompts))", seconds: chance.happens(300) ? 8 : 4)
        }
        return BatchDraft(
            requestID: "request-\(history.drafts.count + 1)",
            model: chance.choice(of: ["sora-2", "sora-2", "veo-pro"]),
            name: chance.happens(300) ? "name" : nil, tasks: tasks,
            metadata: chance.happens(300) ? ["campaign": "autumn"] : [:],
            maxConcurrency: chance.happens(300) ? chance.between(1, 4) : nil,
            windowHours: chance.happens(500) ? 1 : nil,
            project: chance.happens(500) ? chance.choice(of: Self.projects) : nil)
    }

    private func nextPurchase() -> ClientCall {
        if !history.purchases.isEmpty && chance.happens(400) {
            let old = chance.choice(of: history.purchases)
            let order = chance.happens(300) ? PurchaseOrder.topup(Credits(micros: 1_234_567)) : old.order
            return ClientCall(.purchase(order, reference: old.reference), by: old.organization)
        }
        let order: PurchaseOrder =
            switch chance.below(4) {
            case 0: .topup(Credits(micros: chance.between(Int64(1), 20_000_000)))
            case 1: .package("odd")
            case 2: .package("large")
            default: .package("small")
            }
        let organization = chance.choice(of: history.organizations)
        let reference = "payment-\(history.purchases.count + 1)"
        history.purchases.append((organization, order, reference))
        return ClientCall(.purchase(order, reference: reference), by: organization)
    }

    /// Another version with other prices and limits; it opens retired lanes again.
    private func changeCatalogue() async throws {
        let catalogue = Catalogue.simulated(chance, hasLongDeadlines: hasLongDeadlines)
        let wait = chance.choice(of: [2_000, 30_000, 200_000])
        let date = chance.happens(500) ? clock.now.adding(milliseconds: chance.between(Int64(1), Int64(wait))) : nil
        trace.note(
            "\(step) new catalogue \(catalogue.models.map(\.unitPrice.micros)), from \(date.map { "\($0)" } ?? "now")")
        _ = try await database.write { transaction in try transaction.apply(catalogue, from: date) }
        seen.writes += 1
    }

    /// An organization gets another weight and another limit.
    private func changeLimits() async throws {
        let organization = chance.choice(of: history.organizations)
        let (weight, limit) = (chance.between(1, 5), chance.happens(600) ? chance.between(1, 8) : nil)
        trace.note("\(step) \(organization) weighs \(weight), limit \(limit.map(String.init) ?? "none")")
        _ = try await database.write { transaction in
            try transaction.limit(organization, weight: weight, maxInFlight: limit)
        }
        seen.writes += 1
    }

    /// Every process dies, and the one that follows takes up their tasks at once.
    private func restart() async throws {
        trace.note("\(step) restart")
        for number in actors.indices where actors[number].role != .steadySettler { actors[number].process.kill() }
        while let number = actors.indices.first(where: { actors[$0].process.isParked }) { try await resume(number) }
        for number in actors.indices where actors[number].process.isDead { actors[number] = actor(number) }
        _ = try await database.write { transaction in try transaction.makeOpenTasksDue() }
        seen.writes += 1
    }
}

extension World {
    /// Looks whether what a client heard is what stands in the database, now and whenever it asked before.
    func check(_ call: ClientCall) async throws {
        switch call.question {
        case .create(let drafts, _):
            let answers = try answers(of: call, count: drafts.count)
            for (draft, answer) in zip(drafts, answers) { try await check(draft, answer, of: call.organization) }
        case .purchase(let order, let reference): try await check(order, reference, call)
        case .cancel, .freeze, .finalize: try checkOperation(call)
        case .money(let question): try await check(question, call.answer, of: call.organization)
        case .invoice(let question): try await check(question, call.answer, of: call.organization)
        }
    }

    /// What was heard about each draft; nothing when nothing was heard.
    private func answers(of call: ClientCall, count: Int) throws -> [Result<BatchReceipt, Refusal>?] {
        switch call.answer {
        case nil: return Array(repeating: nil, count: count)
        case .batches(let results): return results
        case .refused(let refusal): return Array(repeating: .failure(refusal), count: count)
        case .purchase, .cancelled, .operation, .money, .invoice: throw fail(["\(call.shown): answered something else"])
        }
    }

    private func check(
        _ draft: BatchDraft, _ answer: Result<BatchReceipt, Refusal>?, of organization: OrganizationID
    ) async throws {
        let (found, book, versions) = try await database.read { reader in
            (
                try reader.batch(requestID: draft.requestID, of: organization), try reader.priceBook(),
                try reader.priceBookVersions(limit: 1_000)
            )
        }
        if let batch = found?.batch { try checkPrice(of: batch, versions) }
        let key = "\(organization) \(draft.requestID)"
        if let known = history.batchOfKey[key], known != found?.batch.id {
            throw fail(["\(key): the batch was \(known), now it is \(found.map { "\($0.batch.id)" } ?? "gone")"])
        }
        if let found, history.batchOfKey[key] == nil {
            history.batchOfKey[key] = found.batch.id
            history.batches.append((organization, found.batch.id))
        }
        guard let answer, let model = book?.catalogue.model(draft.model) else { return }
        let isSame = try found.map {
            sha256Hex(try draft.validated(for: organization, model: model).canonicalBytes) == $0.requestHash
        }
        switch answer {
        case .success(let receipt):
            // Customers are not told of lanes, and a batch may have been sent to another one since.
            let first = found?.batch.asCreated.waiting(in: receipt.batch.lane)
            if isSame != true || receipt.batch != first {
                throw fail(["\(key): the answer names \(receipt.batch.id), which is not the batch of this request"])
            }
        case .failure(.idempotencyMismatch):
            if isSame != false {
                throw fail(["\(key): refused as another request, and it is the same or there is none"])
            }
        case .failure(.insufficientCredits), .failure(.belowMinimum), .failure(.budgetExceeded),
            .failure(.modelUnavailable), .failure(.walletSuspended):
            // Another client may have sent the same key after this answer was made and before it was heard.
            break
        case .failure(let refusal): throw fail(["\(key): refused as \(refusal)"])
        }
    }

    private func check(_ order: PurchaseOrder, _ reference: String, _ call: ClientCall) async throws {
        let found = try await database.read { reader in try reader.purchase(reference: reference) }
        if let known = history.lotOfPayment[reference], known != found?.lot {
            throw fail(["\(reference): the lot was \(known), now it is another"])
        }
        if let found { history.lotOfPayment[reference] = found.lot }
        switch call.answer {
        case nil, .refused(.purchaseMismatch): return
        case .purchase(let receipt):
            if receipt.purchase != found { throw fail(["\(reference): the answer is not the purchase"]) }
        case .refused(let refusal): throw fail(["\(reference): refused as \(refusal)"])
        case .batches, .cancelled, .operation, .money, .invoice: throw fail(["\(reference): answered something else"])
        }
    }

    private func checkOperation(_ call: ClientCall) throws {
        switch call.answer {
        case nil, .cancelled, .operation, .refused(.batchNotFinished): return
        case .refused(let refusal): throw fail(["\(call.shown): refused as \(refusal)"])
        case .batches, .purchase, .money, .invoice: throw fail(["\(call.shown): answered something else"])
        }
    }
}

extension ClientCall {
    var shown: String {
        switch question {
        case .create(let drafts, _):
            drafts.map { "\($0.requestID), \($0.tasks.count) of \($0.model)" }.joined(separator: "; ")
        case .purchase(let order, let reference): "\(reference), \(order)"
        case .cancel(let id): "cancel \(id)"
        case .freeze(let id): "freeze \(id)"
        case .finalize(let id): "finalize \(id)"
        case .money(let call): "\(call)"
        case .invoice(let call): "\(call)"
        }
    }
}
