package import RushesCore

/// Why a use case said no; nothing was written. The edge maps each case to one problem.
package enum Refusal: Error, Sendable, Equatable {
    /// The input breaks rules, each at its place.
    case invalidInput(InputIssues)
    /// The catalogue has no such model.
    case unknownModel(String)
    /// The model takes no new batches.
    case modelRetired(String)
    /// No provider makes the model's videos now: all its lanes are killed or retired.
    case modelUnavailable(String)
    /// The wallet cannot pay.
    case insufficientCredits(needed: Credits, available: Credits)
    /// A budget has no room for the batch.
    case budgetExceeded(Budget, needed: Credits)
    /// The API key has a budget, so it may not change any.
    case keyHasBudget
    /// As many budgets are set as may.
    case tooManyBudgets
    /// Fewer tasks than the model takes at least.
    case belowMinimum(count: Int, minimum: Int)
    /// The key was used for another request; the pointer names the first difference.
    case idempotencyMismatch(pointer: String)
    /// There is no such thing, or it is another organization's.
    case notFound
    /// The tasks of the batch have been removed after their time.
    case tasksExpunged
    /// The batch has open tasks.
    case batchNotFinished
    /// The payment reference belongs to another purchase.
    case purchaseMismatch(reference: String)
    /// The purchase is in another state.
    case purchaseChanged(IllegalPurchaseChange)
    /// As many purchases wait for their payment as may.
    case tooManyPendingPurchases
    /// Nothing of the purchase can be paid back now.
    case refundRefused(RefundRefusal)
    /// A payment of the wallet is disputed, so it freezes nothing.
    case walletSuspended
    /// The reference belongs to another dispute.
    case disputeMismatch(reference: String)
    /// The dispute is not opened or not decided.
    case disputeRefused(DisputeRefusal)
    /// The reference belongs to another gift.
    case grantMismatch(reference: String)
    /// The correction is not decided.
    case adjustmentRefused(AdjustmentRefusal)
    /// The invoice is not paid or voided.
    case invoiceRefused(InvoiceRefusal)
    /// The payment reference belongs to another invoice.
    case paymentMismatch(reference: String)
    /// The catalogue has no such package.
    case unknownPackage(String)
    /// This installation has no key for the secrets of webhooks.
    case webhooksUnavailable
    /// The address is none that webhooks are sent to.
    case webhookURL(InvalidWebhookURL)
    /// There is no such event.
    case unknownEventType(String)
    /// As many endpoints as an organization may have.
    case tooManyWebhookEndpoints
    /// As many secrets sign as may.
    case tooManyWebhookSecrets
    /// The endpoint was changed since it was read.
    case revisionMismatch(current: Int)
    /// The endpoint is disabled.
    case webhookEndpointDisabled
    /// The endpoint did not take a ping.
    case webhookTestFailed(WebhookTestFailure)
    /// As many tests in a minute as may be.
    case tooManyWebhookTests
    /// The delivery was taken, or is still tried.
    case webhookNotLost(WebhookDelivery.State)
    /// What was sent has been removed after its time.
    case webhookBodyExpunged
    /// The span of time is not one that can be recovered.
    case webhookRecoverRange
    /// The catalogue cannot be applied, for these reasons.
    case invalidCatalogue([String])
    /// An operator's input is wrong.
    case invalidArgument(name: String, reason: String)
}

/// How a ping failed.
package struct WebhookTestFailure: Sendable, Equatable {
    /// Why.
    package let failure: DeliveryFailure
    /// The delivery, to look it up in the log.
    package let delivery: WebhookDeliveryID
}
