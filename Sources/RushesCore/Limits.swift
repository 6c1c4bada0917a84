/// Every limit of the product, by name; nothing is unbounded.
package enum Limits {
    /// Tasks in one batch, whatever the model allows.
    package static let tasksPerBatchMax = 10_000
    /// Characters in a prompt.
    package static let promptCharactersMax = 8_000
    /// Bytes in the body of a batch request: 32 MiB.
    package static let batchBodyBytesMax = 32 * 1_024 * 1_024
    /// Bytes in the body of every other request.
    package static let smallBodyBytesMax = 64 * 1_024
    /// Errors listed in one answer about bad input; the total is always given.
    package static let listedErrorsMax = 1_000
    /// Characters in a `request_id`.
    package static let requestIDCharactersMax = 255
    /// Characters in a `custom_id`.
    package static let customIDCharactersMax = 64
    /// Characters in a batch's name.
    package static let nameCharactersMax = 200
    /// Characters in the label of a project.
    package static let projectCharactersMax = 64
    /// Budgets of one organization, at most.
    package static let budgetsPerOrganizationMax = 1_000
    /// Pairs in a batch's metadata.
    package static let metadataPairsMax = 16
    /// Characters in a metadata key.
    package static let metadataKeyCharactersMax = 64
    /// Characters in a metadata value.
    package static let metadataValueCharactersMax = 512
    /// Hours in a batch's window at most.
    package static let windowHoursMax = 720
    /// Hours in a batch's window when nothing asks for more.
    package static let windowHoursDefault = 24
    /// Ledger transactions that are read at a time for an export or a statement.
    package static let ledgerTransactionsPerPage = 500
    /// Items on one page of a list.
    package static let pageItemsMax = 100
    /// Items on one page when the caller does not say.
    package static let pageItemsDefault = 20
    /// Highest unit price in the catalogue, in micro-credits: keeps every product of price and count far from overflow.
    package static let unitPriceMicrosMax: Int64 = 1_000_000_000_000
    /// Highest face value of one lot, in micro-credits.
    package static let lotMicrosMax: Int64 = 1_000_000_000_000_000
    /// Milliseconds that gifts can be used which were frozen when their lot expired and came back later: 14 days.
    package static let expiryGraceMilliseconds: Int64 = 14 * 86_400_000
    /// Lots expired by one step of the Expirer.
    package static let lotsPerExpiryStepMax = 100
    /// Purchases of one organization that wait for their payment, at most.
    package static let purchasesPendingMax = 100
    /// Characters of the reason that an operator gives.
    package static let reasonCharactersMax = 500
    /// Characters of an operator's name.
    package static let operatorNameCharactersMax = 64
    /// Parameters of one route.
    package static let routeParametersMax = 16
    /// Characters of a route's parameter.
    package static let routeParameterCharactersMax = 256
    /// Acts on lanes in one answer.
    package static let laneActsMax = 1_000
    /// Lines of a provider's bill in one request.
    package static let billLinesMax = 2_000
    /// Steps of a model's policy of service credits.
    package static let serviceCreditStepsMax = 8
    /// Batches whose tasks are counted by one statement when a month's service credits are computed.
    package static let batchesPerServiceMonthPage = 32
    /// Days that a report of margins covers, at most.
    package static let reportDaysMax = 366
    /// Milliseconds that one attempt of a webhook may take, from looking up the name to the last byte of the answer.
    package static let webhookBudgetMilliseconds: Int64 = 5_000
    /// Milliseconds that the rest of a webhook's answer is waited for after its head.
    package static let webhookResponseMilliseconds: Int64 = 500
    /// Bytes that are read of a webhook's answer: 64 KiB.
    package static let webhookResponseBytesMax = 64 * 1_024
    /// Bytes that are kept of a webhook's answer: 4 KiB.
    package static let webhookResponseBytesKept = 4 * 1_024
    /// Bytes of the head of a webhook's answer: 16 KiB.
    package static let webhookResponseHeadBytesMax = 16 * 1_024
    /// Milliseconds that a worker may take over one attempt of a webhook before another one counts it as lost.
    package static let webhookLeaseMilliseconds: Int64 = 15_000
    /// Endpoints of one organization, at most.
    package static let webhookEndpointsMax = 20
    /// Messages per second to an endpoint, unless the customer chooses.
    package static let webhooksPerSecondDefault = 20
    /// Messages per second to an endpoint, at most.
    package static let webhooksPerSecondMax = 100
    /// Messages at the same time to an endpoint, unless the customer chooses.
    package static let webhooksInFlightDefault = 4
    /// Messages at the same time to an endpoint, at most.
    package static let webhooksInFlightMax = 32
    /// Secrets of one endpoint that sign at the same time, at most: the newest and three older ones.
    package static let webhookSecretsMax = 4
    /// Seconds that the older secrets sign on after a rotation, at most: 7 days.
    package static let webhookSecretOverlapSecondsMax = 604_800
    /// Seconds that the older secrets sign on after a rotation, unless the customer chooses: a day.
    package static let webhookSecretOverlapSecondsDefault = 86_400
    /// Characters in an endpoint's description.
    package static let webhookDescriptionCharactersMax = 200
    /// Bytes of a webhook's body, as Standard Webhooks advises; what is longer is sent without its list of results.
    package static let webhookBodyBytesMax = 20_000
    /// Results in one `tasks.settled`.
    package static let resultsPerEventMax = 100
    /// Ledger transactions named in the event of a batch's end.
    package static let transactionsPerEventMax = 50
    /// Milliseconds between two `batch.progress` of a batch, at least.
    package static let batchProgressMilliseconds: Int64 = 5_000
    /// Failures in a row after which an endpoint is held back, when they last long enough.
    package static let endpointFailuresInRowMax = 5
    /// Milliseconds that failures in a row last before an endpoint is held back.
    package static let endpointDownMilliseconds: Int64 = 60_000
    /// Milliseconds that deliveries are held back for an endpoint, at most: 72 hours.
    package static let endpointHoldMilliseconds: Int64 = 72 * 3_600_000
    /// Milliseconds without a success after which an endpoint is disabled: 120 hours.
    package static let endpointFailingMilliseconds: Int64 = 120 * 3_600_000
    /// Failed attempts without which no endpoint is disabled.
    package static let endpointFailedAttemptsMin = 20
    /// Events of one organization that are fanned out in one transaction.
    package static let eventsPerFanOutMax = 100
    /// Milliseconds from one fan-out to the next of a node, so that events share their transactions: what webhooks
    /// write must not hold up settlements.
    package static let fanOutGatheringMilliseconds = 200
    /// Deliveries that claims move to where their endpoints' states put them, in one transaction.
    package static let deliveriesPerRestMax = 100
    /// Webhooks that a node sends at the same time.
    package static let webhooksPerNodeMax = 512
    /// Endpoints whose queues are looked at in one transaction.
    package static let endpointsPerClaimMax = 128
    /// Lost deliveries that are looked at in one transaction.
    package static let deliveriesPerClaimMax = 512
    /// Deliveries that are held back, released or sent once more in one transaction.
    package static let deliveriesPerMoveMax = 500
    /// Milliseconds back that events can be recovered: 30 days.
    package static let recoveryMilliseconds: Int64 = 30 * 86_400_000
    /// Milliseconds that bodies and attempts are kept after the end of their delivery: 30 days.
    package static let webhookRetentionMilliseconds: Int64 = 30 * 86_400_000
    /// Rows that are removed in one transaction when the tasks of a batch have been kept for their time.
    package static let rowsPerRemovalMax = 1_000
    /// Tasks of which a page of a removal is made.
    package static let tasksPerRemovalMax = 300
    /// Milliseconds that a worker has for the videos of such a page, and after which what was in hand is tried again.
    package static let removalLeaseMilliseconds: Int64 = 60_000
    /// Deliveries of one recovery, at most.
    package static let recoveryDeliveriesMax = 100_000
    /// Tests of endpoints of one organization in a minute.
    package static let webhookTestsPerMinuteMax = 10
    /// Lots that one freeze may draw from.
    package static let lotsPerFreezeMax = 1_000
    /// Lots that a freeze looks at before it looks at all of them.
    package static let lotsLookedAtFirst = 8
    /// Ledger transactions that one statement adds up when the month of a credit line is closed.
    package static let transactionsPerSumMax = 10_000
    /// Generations paid for one task at most: the first and two more after passing failures.
    package static let generationsPerTaskMax = 3
    /// Submissions of one task at most, refused ones included; then it waits no longer.
    package static let attemptsPerTaskMax = 1_000
    /// Unposted ends of a batch that make a settlement due at once.
    package static let unpostedEndsMax = 256
    /// Milliseconds from the first unposted failure to its settlement.
    package static let failurePostingDelayMilliseconds: Int64 = 2_000
    /// Milliseconds from the first unposted success to its settlement.
    package static let successPostingDelayMilliseconds: Int64 = 600_000
    /// Milliseconds that a finished video may take to be stored after its deadline.
    package static let storingGraceMilliseconds: Int64 = 60_000
    /// Batches of one wallet created by one transaction, at most; their tasks together are at most those of one batch.
    package static let creationsTogetherMax = 64
    /// Tasks claimed by one step of the Dispatcher.
    package static let tasksPerClaimMax = 200
    /// Tasks polled by one step of the Poller.
    package static let tasksPerPollStepMax = 256
    /// Tasks stored by one step of the Archiver.
    package static let tasksPerArchiveStepMax = 128
    /// Videos whose images are looked for by one step of the Illustrator.
    package static let illustrationsPerStepMax = 64
    /// Milliseconds between two steps of the Illustrator.
    package static let illustrationGatheringMilliseconds: Int64 = 250
    /// Jobs of one lane at the same time, at most.
    package static let laneInFlightMax = 100_000
    /// Creates of one lane, or polls of one account, per minute, at most.
    package static let laneCreatesPerMinuteMax = 1_000_000
    /// Polls per minute of a provider account when its operator has not said otherwise.
    package static let pollsPerMinuteDefault = 12_000
    /// Milliseconds that a finished video may wait for an Archiver; beyond that nothing new is dispatched, since what
    /// is made faster than it can be stored would be lost at the end of its grace.
    package static let storingLagMaxMilliseconds: Int64 = 5_000
    /// Outcomes of calls to the outside written together at most.
    package static let outcomesPerFlushMax = 256
    /// Tasks ended by one step of the Sweeper.
    package static let tasksPerSweepMax = 500
    /// Batches settled by one step of the Settler.
    package static let batchesPerSettleStepMax = 16
    /// Organizations that one claim on a lane looks at; when more wait, the next claim goes on behind the last one.
    package static let organizationsPerClaimMax = 128
    /// Batches of one organization that one claim looks at: those with the fewest running tasks.
    package static let batchesPerOrganizationPerClaimMax = 16
    /// Batches that the estimate of a lane's waiting tasks adds up.
    package static let batchesPerEstimateMax = 256
    /// An organization's weight in the sharing of lanes, at most; at least it is 1.
    package static let organizationWeightMax = 1_000
    /// An organization's limit of jobs at the same time, at most.
    package static let organizationInFlightMax = 1_000_000
    /// Bytes in one stored video: 1 GiB.
    package static let assetBytesMax: Int64 = 1 << 30
    /// Bytes in one poster or sprite sheet: 16 MiB.
    package static let imageBytesMax: Int64 = 16 << 20
    /// Milliseconds that a program of ours may take to look into a stored video.
    package static let videoLookMilliseconds: Int64 = 5_000
    /// Milliseconds that a program of ours may take to make one still image.
    package static let imageMakingMilliseconds: Int64 = 20_000
    /// Bytes of what such a program writes that are read.
    package static let mediaOutputBytesMax = 16 * 1_024
    /// Bytes handed on at a time when a blob is read or written.
    package static let blobChunkBytes = 256 * 1_024

    /// How long a node takes an API key for valid after it looked it up: a revoked one stops working within this time.
    package static let apiKeyRememberedMilliseconds: Int64 = 5_000
    /// Routes of a model at most, the first one counted.
    package static let routesPerModelMax = 8
    /// API keys that a node remembers.
    package static let apiKeysRememberedMax = 10_000
    /// Characters of the name on an invoice.
    package static let billingNameCharactersMax = 200
    /// Lines of an address or of bank data on an invoice.
    package static let billingLinesMax = 8
    /// Characters of such a line.
    package static let billingLineCharactersMax = 120
    /// Characters of a number with the tax office.
    package static let taxIDCharactersMax = 64
}
