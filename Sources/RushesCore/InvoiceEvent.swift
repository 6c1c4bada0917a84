/// What happens to invoices, by the types of its events.
package enum InvoiceEvent: String, Sendable, CaseIterable {
    /// An invoice or a credit note was issued.
    case issued = "invoice.issued"
}
