import HTTPTypes
import Hummingbird
import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesWire

extension Problem {
    /// The problem of any error; what the caller cannot mend is logged.
    init(_ error: any Error, logger: Logger) {
        switch error {
        case let problem as Problem: self = problem
        case let refusal as Refusal: self.init(refusal)
        case let defect as JSONDefect: self.init(defect)
        case let defect as SheetDefect: self = .malformed(defect.code, defect.detail)
        case let issues as IssueList: self = .invalid(issues)
        case let error as HTTPError where error.status == .notFound: self = .notFound
        case let failure as OperationFailed: self = .operationFailed(failure.reason)
        case is CancellationError:
            // The caller has gone or the server stops: nobody reads this.
            self = .unavailable
        case let error as DatabaseError:
            logger.error("database error", metadata: ["error": "\(error)"])
            self.init(error.kind)
        case let error as BlobError:
            logger.error("blob error", metadata: ["error": "\(error)"])
            self = .unavailable
        default:
            logger.error("unexpected error", metadata: ["error": "\(error)"])
            self = .internalError
        }
    }

    /// The problem of each refusal: the one place where a "no" gets its status.
    init(_ refusal: Refusal) {
        switch refusal {
        case .invalidInput(let issues):
            var list = IssueList()
            list.add(issues, rows: nil)
            self = .invalid(list)
        case .unknownModel(let id):
            self = .invalid("/model", "unknown_model", "there is no model \(id.prefix(64)); GET /v1/models lists them")
        case .modelRetired(let id):
            self = .invalid("/model", "model_retired", "\(id) takes no new batches; GET /v1/models lists those that do")
        case .modelUnavailable(let id):
            self = .invalid(
                "/model", "model_unavailable",
                "no provider makes \(id) now; GET /v1/models lists the models that take batches")
        case .insufficientCredits(let needed, let available):
            self = .insufficientCredits(needed: needed, available: available, what: "the batch costs")
        case .budgetExceeded(let budget, let needed): self = .budgetExceeded(budget, needed: needed)
        case .keyHasBudget: self = .keyHasBudget
        case .tooManyBudgets: self = .tooManyBudgets
        case .belowMinimum(let count, let minimum):
            self = .invalid("/tasks", "below_minimum", "\(count) tasks; the model takes at least \(minimum)")
        case .idempotencyMismatch(let pointer):
            let issue = IssueBody(pointer: pointer, code: "differs", detail: "differs from the first request")
            let place = pointer.isEmpty ? "the request" : pointer
            self.init(
                .unprocessableContent, "idempotency_mismatch", "The request_id belongs to another request",
                "this request_id was used before, and \(place) differs", issues: IssueList(issue))
        case .notFound:
            self = .notFound
        case .tasksExpunged:
            self.init(
                .gone, "tasks_expunged", "The tasks were removed",
                "they were kept for their time, and their videos with them; the batch itself and its ledger stay")
        case .batchNotFinished:
            self.init(
                .conflict, "batch_not_finished", "The batch is not finished", "the batch has tasks that have not ended")
        case .purchaseMismatch(let reference):
            self = .invalid("/reference", "purchase_mismatch", "\(reference) belongs to another purchase")
        case .purchaseChanged(let change):
            self.init(
                .conflict, "purchase_\(change.from.rawValue)", "The purchase is \(change.from.rawValue)",
                "a purchase that is \(change.from.rawValue) cannot become \(change.to.rawValue)")
        case .tooManyPendingPurchases:
            self.init(
                .conflict, "too_many_pending_purchases", "Too many purchases wait for their payment",
                "at most \(Limits.purchasesPendingMax) may; pay or cancel one of them")
        case .refundRefused(.creditsAreHeld(let held)):
            self.init(
                .conflict, "credits_held", "Credits of the purchase are held",
                "running batches hold \(held.micros) micro-credits of it; they may still be charged")
        case .refundRefused(.nothingLeft):
            self.init(
                .conflict, "nothing_to_refund", "Nothing is left to refund",
                "all credits of the purchase are spent or gone")
        case .walletSuspended:
            self.init(
                HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required"), "wallet_suspended",
                "A payment is disputed",
                "the wallet takes no new batches until its bank has decided; running ones finish")
        case .disputeMismatch(let reference):
            self = .invalid("/reference", "dispute_mismatch", "\(reference) belongs to another dispute")
        case .disputeRefused(let refusal): self.init(refusal)
        case .grantMismatch(let reference):
            self = .invalid("/reference", "grant_mismatch", "\(reference) belongs to another grant")
        case .adjustmentRefused(.alreadyDecided(let state)):
            self.init(
                .conflict, "adjustment_\(state.rawValue)", "The adjustment is \(state.rawValue)",
                "it was decided before, and a decision stays")
        case .adjustmentRefused(.needsAnotherPerson):
            self.init(
                .forbidden, "needs_another_person", "Another person has to approve it",
                "who proposed an adjustment cannot approve it")
        case .adjustmentRefused(.insufficientCredits(let needed, let available)):
            self = .insufficientCredits(needed: needed, available: available, what: "the adjustment takes")
        case .invoiceRefused(let refusal): self.init(refusal)
        case .paymentMismatch(let reference):
            self = .invalid("/reference", "payment_mismatch", "\(reference) belongs to another payment")
        case .unknownPackage(let id):
            self = .invalid("/package", "unknown_package", "there is no package \(id.prefix(64))")
        case .webhooksUnavailable:
            self.init(
                HTTPResponse.Status(code: 503, reasonPhrase: "Service Unavailable"), "webhooks_unavailable",
                "Webhooks are not set up", "the operator has configured no key for the secrets of webhooks")
        case .webhookURL(.invalid(let reason)):
            self = .invalid("/url", "webhook_url_invalid", reason)
        case .webhookURL(.forbidden(let reason)):
            self = .invalid("/url", "webhook_url_forbidden", reason)
        case .unknownEventType(let name):
            self = .invalid(
                "/event_types", "webhook_event_type_unknown", "there is no event \(name.prefix(64))")
        case .tooManyWebhookEndpoints:
            self.init(
                .conflict, "webhook_endpoint_limit", "Too many endpoints",
                "an organization has \(Limits.webhookEndpointsMax) at most; delete one of them")
        case .tooManyWebhookSecrets:
            self.init(
                .conflict, "webhook_secret_limit", "Too many secrets",
                "\(Limits.webhookSecretsMax) sign already; wait for one to end, or let the older ones end at once")
        case .revisionMismatch(let current):
            self.init(
                .preconditionFailed, "revision_mismatch", "It was changed meanwhile",
                "its revision is \(current) now; read it again")
        case .webhookEndpointDisabled:
            self.init(
                .conflict, "webhook_endpoint_disabled", "The endpoint is disabled", "enable it first")
        case .webhookTestFailed(let failure):
            self.init(
                .conflict, "webhook_test_failed", "The endpoint did not take a ping",
                "the ping \(failure.delivery) ended as \(failure.failure.rawValue); give force to enable it")
        case .tooManyWebhookTests:
            self.init(
                .tooManyRequests, "webhook_test_limit", "Too many tests",
                "\(Limits.webhookTestsPerMinuteMax) in a minute at most", headers: [.retryAfter: "60"])
        case .webhookNotLost(.succeeded):
            self.init(
                .conflict, "webhook_already_succeeded", "The delivery was taken",
                "give include_succeeded to send it once more")
        case .webhookNotLost(let state):
            self.init(
                .conflict, "webhook_delivery_\(state.rawValue)", "The delivery is \(state.rawValue)",
                "only what was given up can be sent once more")
        case .webhookBodyExpunged:
            self.init(
                .gone, "webhook_payload_expunged", "The body was removed",
                "bodies are kept for 30 days after the end of their delivery")
        case .webhookRecoverRange:
            self = .invalid(
                "/since", "webhook_recover_range",
                "since is before until, at most 30 days ago, with \(Limits.recoveryDeliveriesMax) deliveries at most")
        case .invalidCatalogue(let defects):
            var list = IssueList()
            for defect in defects { list.add(IssueBody(pointer: "", code: "invalid_catalogue", detail: defect)) }
            self = .invalid(list)
        case .invalidArgument(let name, let reason):
            self = .invalid("/" + name, "invalid_value", reason)
        }
    }

    private init(_ refusal: DisputeRefusal) {
        switch refusal {
        case .isDecided(let state), .isNotLost(let state):
            self.init(
                .conflict, "dispute_\(state.rawValue)", "The dispute is \(state.rawValue)",
                "a bank's decision stays as it was recorded")
        case .isDisputed(let id):
            self.init(
                .conflict, "purchase_disputed", "The payment is disputed",
                "the dispute \(id) of this purchase is not won")
        case .exceedsKept(let kept):
            self = .invalid(
                "/amount_micros", "exceeds_payment", "\(kept.micros) micro-dollars are kept of it, tax included")
        case .isInvoice:
            self.init(
                .conflict, "invoice_not_disputable", "Payments of invoices are not disputed here",
                "a month's invoice pays for what was used: record the loss outside of Rushes")
        case .nothingIsKept:
            self.init(
                .conflict, "nothing_to_dispute", "Nothing is left to dispute",
                "everything that was paid went back already")
        }
    }

    private init(_ refusal: InvoiceRefusal) {
        switch refusal {
        case .isCreditNote:
            self.init(
                .conflict, "credit_note", "It is a credit note", "credit notes are neither paid nor voided")
        case .isPaid: self.init(.conflict, "invoice_paid", "The invoice is paid", "another payment has paid it")
        case .isVoid: self.init(.conflict, "invoice_void", "The invoice is void", "it is not asked for any more")
        case .isCredited:
            self.init(
                .conflict, "invoice_credited", "The invoice is credited",
                "a credit note has taken it back in part, and names it")
        }
    }

    private static func insufficientCredits(needed: Credits, available: Credits, what: String) -> Problem {
        var problem = Problem(
            HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required"), "insufficient_credits",
            "Not enough credits", "\(what) \(needed.micros) micro-credits, the wallet has \(available.micros)")
        problem.shortMicros = (needed - available).micros
        return problem
    }

    /// What passes may be tried again, also a creation, since its key makes it safe; the rest is a defect of ours.
    private init(_ kind: DatabaseError.Kind) {
        switch kind {
        case .busy, .serialization, .unavailable, .connectionLost, .commitOutcomeUnknown: self = .unavailable
        case .uniqueViolation, .constraintViolation, .decoding, .invalidStatement, .fatal: self = .internalError
        }
    }

    private init(_ defect: JSONDefect) {
        if defect.isLimit {
            let isTasks = defect.kind == .tooManyItems && defect.pointer == "/tasks"
            let code = isTasks ? "too_many_tasks" : defect.kind.rawValue
            self = .invalid(isTasks ? "/tasks" : defect.pointer, code, defect.detail)
        } else {
            self = .malformed(defect.kind.rawValue, defect.detail)
        }
    }
}
