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
    /// Fewer tasks than the model takes at least.
    case belowMinimum(count: Int, minimum: Int)
    /// The key was used for another request; the pointer names the first difference.
    case idempotencyMismatch(pointer: String)
    /// There is no such thing, or it is another organization's.
    case notFound
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
    /// The catalogue cannot be applied, for these reasons.
    case invalidCatalogue([String])
    /// An operator's input is wrong.
    case invalidArgument(name: String, reason: String)
}
