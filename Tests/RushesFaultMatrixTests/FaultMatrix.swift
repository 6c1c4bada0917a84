import RushesCore

/// The fault matrix: what becomes of a task when one of its calls meets a fault of the provider.
///
/// A new fault is a new case of `WireFault`, its bytes in `Reply+Faults.swift`, and a row here; `FaultMatrixTests`
/// refuses a fault without a row and a cell without an expectation.
enum FaultMatrix {
    static let rows: [FaultRow] = way + connection + http + answers + statuses + refusals + listings + videos

    /// The rows that are played in Veo's Gemini form too, which has no listing and whose model is not made twice.
    static let geminiRows: [FaultRow] = gemini

    /// All cases that are run for a call.
    static func cases(_ call: MatrixCall, _ form: MatrixForm = .openAI) -> [MatrixCase] {
        (form == .openAI ? rows : geminiRows).flatMap { row -> [MatrixCase] in
            switch row.cell(call) {
            case .pointless: return []
            case .expects(let expected):
                return expected.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    MatrixCase(form: form, call: call, fault: row.fault, occurrence: $0.key, expectation: $0.value)
                }
            }
        }
    }

    /// Cases in which the model has a second route, whose provider has no fault; with the creates that it is to see.
    ///
    /// Only a job that failed goes there: a create whose outcome is not known is looked for and made again where it
    /// was, and what the first provider refuses for good is refused.
    static let spareCases: [(case: MatrixCase, spareCreates: Int)] =
        spare(
            .poll, .throttledJob,
            [
                .once: (.delivered(creates: 1), 1), .always: (.delivered(creates: 1), 1),
            ])
        + spare(.poll, .contentPolicy, [.once: (.refunded(.moderated), 0)])
        + spare(.poll, .serverError, [.once: (.delivered(creates: 1), 0), .always: (.refunded(.timedOut), 0)])
        + [WireFault.silence, .resetInHead, .resetInBody, .html, .requestTimeout, .serverError, .gatewayTimeout].flatMap
    {
        spare(
            .submit, $0,
            [
                .once: (.delivered(creates: 2), 0), .onceTaken: (.delivered(creates: 1), 0),
                .always: (.refunded(.providerError, creates: 2), 0),
            ])
    }

    private static func spare(
        _ call: MatrixCall, _ fault: WireFault, _ expected: [Occurrence: (Expectation, Int)]
    ) -> [(case: MatrixCase, spareCreates: Int)] {
        expected.sorted { $0.key.rawValue < $1.key.rawValue }.map { occurrence, expected in
            (MatrixCase(call: call, fault: fault, occurrence: occurrence, expectation: expected.0), expected.1)
        }
    }

    // MARK: What many rows share

    /// The create was certainly not taken: it is made again, until the batch's window ends.
    private static let notTaken = MatrixCell.expects([
        .once: .delivered(creates: 1), .always: .refunded(.expired, creates: 0),
    ])
    /// Nobody knows: the listing tells, else one more create is risked.
    private static let unknown = MatrixCell.expects([
        .once: .delivered(creates: 2), .onceTaken: .delivered(creates: 1),
        .always: .refunded(.providerError, creates: 2),
    ])
    /// A refusal of the account as a whole: everything waits five minutes for one more try.
    private static let accountRefused = MatrixCell.expects([
        .once: .delivered(creates: 2, pauseSeconds: 300), .always: .refunded(.expired, creates: 2...13),
    ])
    /// Nobody takes creates at the address: tried again, and given up after ten minutes.
    private static let nobodyThere = MatrixCell.expects([
        .once: .delivered(creates: 2), .always: .refunded(.providerUnavailable, creates: 15...40),
    ])
    /// A job that the provider has lost, when it says so again and again.
    private static let lost = MatrixCell.reads(once: .delivered(creates: 1), always: .refunded(.providerError))
    /// A job whose create was answered in an odd way that can be read.
    private static let taken = MatrixCell.expects([.onceTaken: .delivered(creates: 1)])
    /// A poll that tells nothing: asked again until the deadline.
    private static let asked = MatrixCell.reads(once: .delivered(creates: 1), always: .refunded(.timedOut))
    /// A download that is tried again, three times in all.
    private static let fetched = MatrixCell.reads(once: .delivered(creates: 1), always: .refunded(.storageError))
    /// A video that the content rules keep back: the customer is told so, and it is not asked for again.
    private static let keptBack = MatrixCell.reads(once: .refunded(.moderated), always: .refunded(.moderated))
    /// An oddity that does no harm.
    private static let harmless = MatrixCell.reads(
        once: .delivered(creates: 1), always: .delivered(creates: 1))

    private static let onlyListed = MatrixCell.pointless("only a create is looked for in the listing")
    private static let noJSON = MatrixCell.pointless("a video is no JSON")
    private static let noVideo = MatrixCell.pointless("only the content is a video")

    // MARK: The rows

    private static let way: [FaultRow] = [
        FaultRow(.connectionRefused, submit: notTaken, poll: asked, content: fetched),
        FaultRow(.unknownHost, submit: notTaken, poll: asked, content: fetched),
        FaultRow(.badCertificate, submit: notTaken, poll: asked, content: fetched),
    ]

    private static let connection: [FaultRow] = [
        FaultRow(.silence, submit: unknown, poll: asked, content: fetched),
        FaultRow(.resetInHead, submit: unknown, poll: asked, content: fetched),
        FaultRow(.resetInBody, submit: unknown, poll: asked, content: fetched),
        FaultRow(.hangAfterHead, submit: unknown, poll: asked, content: fetched),
        FaultRow(.drip, submit: unknown, poll: asked, content: fetched),
    ]

    private static let http: [FaultRow] = [
        FaultRow(.hugeHead, submit: unknown, poll: asked, content: fetched),
        FaultRow(.endlessChunks, submit: unknown, poll: asked, content: fetched),
        FaultRow(.lengthTooBig, submit: unknown, poll: asked, content: fetched),
        FaultRow(.lengthTooSmall, submit: unknown, poll: asked, content: fetched),
        FaultRow(.lengthAbsent, submit: taken, poll: harmless, content: harmless),
    ]

    private static let answers: [FaultRow] = [
        FaultRow(.html, submit: unknown, poll: asked, content: fetched),
        FaultRow(.malformedJSON, submit: unknown, poll: asked, content: fetched),
        FaultRow(.wrongTypes, submit: unknown, poll: asked, content: fetched),
        FaultRow(.missingIdentifier, submit: unknown, poll: asked, content: noJSON),
        FaultRow(.climbingIdentifier, submit: taken, poll: harmless, content: noJSON),
        FaultRow(.longIdentifier, submit: unknown, poll: asked, content: noJSON),
        FaultRow(.unknownStatus, submit: taken, poll: asked, content: noJSON),
        FaultRow(.excessProgress, submit: taken, poll: asked, content: noJSON),
        FaultRow(.duplicatedKeys, submit: unknown, poll: asked, content: noJSON),
        FaultRow(.compressionBomb, submit: unknown, poll: asked, content: fetched),
        FaultRow(.noContent, submit: unknown, poll: asked, content: fetched),
        FaultRow(.redirectIntoOurNetwork, submit: unknown, poll: asked, content: fetched),
    ]

    private static let statuses: [FaultRow] = [
        FaultRow(.unauthorized, submit: accountRefused, poll: asked, content: fetched),
        FaultRow(.paymentRequired, submit: accountRefused, poll: asked, content: fetched),
        FaultRow(.forbidden, submit: accountRefused, poll: asked, content: fetched),
        FaultRow(
            .notFound, submit: .expects([.once: .refunded(.providerUnavailable)]), poll: lost, content: fetched),
        FaultRow(.bareNotFound, submit: nobodyThere, poll: lost, content: fetched),
        FaultRow(.requestTimeout, submit: unknown, poll: asked, content: fetched),
        FaultRow(.conflict, submit: unknown, poll: asked, content: fetched),
        FaultRow(
            .tooLarge, submit: .expects([.once: .refunded(.invalidRequest)]), poll: asked, content: fetched),
        FaultRow(.serverError, submit: unknown, poll: asked, content: fetched),
        FaultRow(.badGateway, submit: unknown, poll: asked, content: fetched),
        FaultRow(.unavailableWithWait, submit: unknown, poll: asked, content: fetched),
        FaultRow(.gatewayTimeout, submit: unknown, poll: asked, content: fetched),
    ]

    private static func throttled(waitsSeconds: Int64) -> MatrixCell {
        .expects([
            .once: .delivered(creates: 2, pauseSeconds: waitsSeconds),
            .always: .refunded(.expired, creates: 10...1_000),
        ])
    }

    private static let refusals: [FaultRow] = [
        throttledJob,
        FaultRow(.rateLimitedWithWait, submit: throttled(waitsSeconds: 7), poll: asked, content: fetched),
        FaultRow(.rateLimited, submit: throttled(waitsSeconds: 5), poll: asked, content: fetched),
        FaultRow(.rateLimitedWithAbsurdWait, submit: throttled(waitsSeconds: 120), poll: asked, content: fetched),
        FaultRow(.rateLimitedWithDate, submit: throttled(waitsSeconds: 7), poll: asked, content: fetched),
        FaultRow(
            .rateLimitStorm,
            submit: .expects([.once: .delivered(creates: 5...200, pauseSeconds: 5)]),
            poll: .expects([.once: .refunded(.timedOut)]), content: .expects([.once: .refunded(.storageError)])),
        FaultRow(.quotaExhausted, submit: accountRefused, poll: asked, content: fetched),
        FaultRow(
            .contentPolicy, submit: .expects([.once: .refunded(.moderated)]),
            poll: .expects([.once: .refunded(.moderated)]), content: keptBack),
    ]

    /// A job without a name that may be the task's: nothing is made a second time. One that cannot be is no matter.
    private static let listings: [FaultRow] = [
        FaultRow(
            .namelessListing,
            submit: .expects([
                .once: .delivered(creates: 2), .onceTaken: .refunded(.timedOut),
                .always: .refunded(.providerError, creates: 2),
            ]), poll: onlyListed, content: onlyListed)
    ]

    /// A job that failed since too many run: another one, when the provider wants it, three in all.
    private static let throttledJob = FaultRow(
        .throttledJob, submit: taken,
        poll: .reads(
            once: .delivered(creates: 2, pauseSeconds: 7), always: .refunded(.providerUnavailable, creates: 3)),
        content: noJSON)

    /// Nobody knows, and there is nobody to ask: the customer gets back what an expensive model might cost twice.
    private static let unknownForGood = MatrixCell.expects([
        .once: .refunded(.providerError), .onceTaken: .refunded(.providerError),
    ])

    private static let gemini: [FaultRow] = [
        FaultRow(.connectionRefused, submit: notTaken, poll: asked, content: fetched),
        FaultRow(.silence, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.resetInBody, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.hangAfterHead, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.drip, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.html, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.malformedJSON, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.wrongTypes, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.noContent, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.redirectIntoOurNetwork, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.unauthorized, submit: accountRefused, poll: asked, content: fetched),
        FaultRow(.forbidden, submit: accountRefused, poll: asked, content: fetched),
        FaultRow(
            .notFound, submit: .expects([.once: .refunded(.providerUnavailable)]), poll: lost, content: fetched),
        FaultRow(.bareNotFound, submit: nobodyThere, poll: lost, content: fetched),
        FaultRow(.rateLimitedWithWait, submit: throttled(waitsSeconds: 7), poll: asked, content: fetched),
        FaultRow(
            .throttledJob, submit: .pointless("an operation that has failed has no place in the answer to a create"),
            poll: throttledJob.poll, content: noJSON),
        FaultRow(.serverError, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.gatewayTimeout, submit: unknownForGood, poll: asked, content: fetched),
        FaultRow(.quotaExhausted, submit: accountRefused, poll: asked, content: fetched),
        FaultRow(
            .contentPolicy, submit: .expects([.once: .refunded(.moderated)]),
            poll: .expects([.once: .refunded(.moderated)]), content: keptBack),
        FaultRow(.truncatedVideo, submit: noVideo, poll: noVideo, content: fetched),
    ]

    private static let videos: [FaultRow] = [
        FaultRow(.emptyVideo, submit: noVideo, poll: noVideo, content: fetched),
        FaultRow(.truncatedVideo, submit: noVideo, poll: noVideo, content: fetched),
        FaultRow(.videoOfWrongType, submit: noVideo, poll: noVideo, content: fetched),
        FaultRow(.videoOfWrongLength, submit: noVideo, poll: noVideo, content: fetched),
        FaultRow(.hugeVideo, submit: noVideo, poll: noVideo, content: fetched),
    ]
}
