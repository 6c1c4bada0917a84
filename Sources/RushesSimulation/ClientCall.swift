import RushesCore
import RushesEngine
import RushesStore
import Synchronization

/// One call of a client, with what it heard; a client whose server died heard nothing.
final class ClientCall: Sendable {
    /// What was asked.
    enum Question: Sendable {
        /// Batches that one transaction creates; most often one.
        case create([BatchDraft], by: APIKeyID?)
        case purchase(PurchaseOrder, reference: String)
        case cancel(BatchID)
        case freeze(BatchID)
        case finalize(BatchID)
        case money(MoneyCall)
        case invoice(InvoiceCall)
    }

    /// What was heard.
    enum Answer: Sendable {
        case batches([Result<BatchReceipt, Refusal>])
        case purchase(PurchaseReceipt)
        case cancelled(Batch)
        case operation(CreditOperation)
        case money(MoneyCall.Answer)
        case invoice(InvoiceCall.Answer)
        case refused(Refusal)
    }

    let organization: OrganizationID
    let question: Question
    private let heard = Mutex<Answer?>(nil)

    init(_ question: Question, by organization: OrganizationID) {
        self.question = question
        self.organization = organization
    }

    /// What was heard; nil when nothing was.
    var answer: Answer? { heard.withLock { $0 } }

    /// Asks an engine.
    func ask(_ engine: Engine) async throws -> Int {
        do {
            let answer = try await answer(of: engine)
            heard.withLock { $0 = answer }
        } catch let refusal as Refusal {
            heard.withLock { $0 = .refused(refusal) }
        }
        return 1
    }

    private func answer(of engine: Engine) async throws -> Answer {
        switch question {
        case .create(let drafts, let key): .batches(try await create(drafts, by: key, at: BatchService(engine)))
        case .purchase(let order, let reference):
            .purchase(
                try await OperatorService(engine).confirmPurchase(order, for: organization, reference: reference))
        case .cancel(let batch): .cancelled(try await BatchService(engine).cancel(batch, of: organization))
        case .freeze(let batch):
            .operation(try await CreditService(engine).freezeCreditsForBatch(batch, of: organization))
        case .finalize(let batch):
            .operation(try await CreditService(engine).finalizeBatchCredits(batch, of: organization))
        case .money(let call): .money(try await call.ask(engine, for: organization))
        case .invoice(let call): .invoice(try await call.ask(engine, for: organization))
        }
    }
}

extension ClientCall {
    private func create(
        _ drafts: [BatchDraft], by key: APIKeyID?, at service: BatchService
    ) async throws -> [Result<BatchReceipt, Refusal>] {
        if drafts.count == 1 { return [.success(try await service.create(drafts[0], by: key, for: organization))] }
        var creations: [BatchCreation] = []
        for draft in drafts { creations.append(try await service.read(draft, by: key, for: organization)) }
        return try await service.create(creations, for: organization).map { result in
            switch result {
            case .success(let receipt): return .success(receipt)
            case .failure(let error):
                guard let refusal = error as? Refusal else { throw error }
                return .failure(refusal)
            }
        }
    }
}

/// What the clients of a world have sent and heard.
struct ClientHistory {
    /// The organizations.
    var organizations: [OrganizationID] = []
    /// A key of each organization.
    var keys: [OrganizationID: APIKeyID] = [:]
    /// The drafts sent, to be sent again.
    var drafts: [(organization: OrganizationID, draft: BatchDraft)] = []
    /// The batches that clients know.
    var batches: [(organization: OrganizationID, id: BatchID)] = []
    /// The batch of each key, once there was one.
    var batchOfKey: [String: BatchID] = [:]
    /// The purchases sent, to be sent again.
    var purchases: [(organization: OrganizationID, order: PurchaseOrder, reference: String)] = []
    /// The lot of each payment, once there was one.
    var lotOfPayment: [String: LotID] = [:]
    /// Everything else about wallets.
    var money = MoneyHistory()
    /// Everything about invoices.
    var invoices = InvoiceHistory()
}
