/// The kinds of things that have identifiers.
package enum OrganizationIdentity: Identified { package static let prefix = "org" }
/// An API key's public part.
package enum APIKeyIdentity: Identified { package static let prefix = "key" }
/// A batch.
package enum BatchIdentity: Identified { package static let prefix = "bat" }
/// A task of a batch.
package enum TaskIdentity: Identified { package static let prefix = "tsk" }
/// A stored video.
package enum AssetIdentity: Identified { package static let prefix = "ast" }
/// One grant of credits.
package enum LotIdentity: Identified { package static let prefix = "lot" }
/// A ledger transaction.
package enum LedgerTransactionIdentity: Identified { package static let prefix = "ltx" }
/// An event.
package enum EventIdentity: Identified { package static let prefix = "evt" }
/// A purchase of credits.
package enum PurchaseIdentity: Identified { package static let prefix = "pur" }
/// A gift of credits.
package enum GrantIdentity: Identified { package static let prefix = "grt" }
/// A correction of a wallet.
package enum AdjustmentIdentity: Identified { package static let prefix = "adj" }
/// A customer's address for events.
package enum WebhookEndpointIdentity: Identified { package static let prefix = "wep" }
/// A secret that webhooks are signed with.
package enum WebhookSecretIdentity: Identified { package static let prefix = "whs" }
/// An event on its way to an endpoint.
package enum WebhookDeliveryIdentity: Identified { package static let prefix = "dlv" }
/// A request to send events once more.
package enum WebhookRecoveryIdentity: Identified { package static let prefix = "rcv" }
/// An invoice or a credit note.
package enum InvoiceIdentity: Identified { package static let prefix = "inv" }
/// A bank's question whether a payment stands.
package enum DisputeIdentity: Identified { package static let prefix = "dsp" }

/// Identifier of an organization, the owner of one wallet.
package typealias OrganizationID = Identifier<OrganizationIdentity>
/// Identifier of an API key; no secret.
package typealias APIKeyID = Identifier<APIKeyIdentity>
/// Identifier of a batch.
package typealias BatchID = Identifier<BatchIdentity>
/// Identifier of a task.
package typealias TaskID = Identifier<TaskIdentity>
/// Identifier of a stored video.
package typealias AssetID = Identifier<AssetIdentity>
/// Identifier of a lot.
package typealias LotID = Identifier<LotIdentity>
/// Identifier of a ledger transaction.
package typealias LedgerTransactionID = Identifier<LedgerTransactionIdentity>
/// Identifier of an event.
package typealias EventID = Identifier<EventIdentity>
/// Identifier of a purchase.
package typealias PurchaseID = Identifier<PurchaseIdentity>
/// Identifier of a gift of credits.
package typealias GrantID = Identifier<GrantIdentity>
/// Identifier of a correction of a wallet.
package typealias AdjustmentID = Identifier<AdjustmentIdentity>
/// Identifier of a customer's address for events.
package typealias WebhookEndpointID = Identifier<WebhookEndpointIdentity>
/// Identifier of a secret that webhooks are signed with.
package typealias WebhookSecretID = Identifier<WebhookSecretIdentity>
/// Identifier of an event on its way to an endpoint.
package typealias WebhookDeliveryID = Identifier<WebhookDeliveryIdentity>
/// Identifier of a request to send events once more.
package typealias WebhookRecoveryID = Identifier<WebhookRecoveryIdentity>
/// Identifier of an invoice or a credit note.
package typealias InvoiceID = Identifier<InvoiceIdentity>
/// Identifier of a bank's question whether a payment stands.
package typealias DisputeID = Identifier<DisputeIdentity>
