/// How the API answered in a month.
public struct AvailabilityBody: Codable, Sendable, Equatable {
    /// What is promised: millionths of the minutes.
    public var targetPPM: Int
    /// Millionths of the measured minutes in which it answered; null before the first one.
    @Nullable public var ppm: Int?
    /// Minutes of the month that are over and were measured.
    public var measuredMinutes: Int
    /// Minutes without a heartbeat, or with 5 % and more 5xx of at least 20 requests.
    public var downMinutes: Int
    /// Minutes of the month that may be down.
    public var budgetMinutes: Int
    /// Minutes that may still be down; below zero when the promise is broken.
    public var budgetLeftMinutes: Int

    /// The body from its members, in the order of the fields.
    public init(
        targetPPM: Int, ppm: Int?, measuredMinutes: Int, downMinutes: Int, budgetMinutes: Int, budgetLeftMinutes: Int
    ) {
        self.targetPPM = targetPPM
        self.ppm = ppm
        self.measuredMinutes = measuredMinutes
        self.downMinutes = downMinutes
        self.budgetMinutes = budgetMinutes
        self.budgetLeftMinutes = budgetLeftMinutes
    }

    private enum CodingKeys: String, CodingKey {
        case ppm
        case targetPPM = "target_ppm"
        case measuredMinutes = "measured_minutes"
        case downMinutes = "down_minutes"
        case budgetMinutes = "budget_minutes"
        case budgetLeftMinutes = "budget_left_minutes"
    }
}

/// Times within which parts of the videos came, each known to about a tenth; null without any.
public struct LatencyBody: Codable, Sendable, Equatable {
    /// Half of them, in milliseconds.
    @Nullable public var p50MS: Int64?
    /// 95 %.
    @Nullable public var p95MS: Int64?
    /// 99 %.
    @Nullable public var p99MS: Int64?

    /// The body from its members, in the order of the fields.
    public init(p50MS: Int64?, p95MS: Int64?, p99MS: Int64?) {
        self.p50MS = p50MS
        self.p95MS = p95MS
        self.p99MS = p99MS
    }

    private enum CodingKeys: String, CodingKey {
        case p50MS = "p50_ms"
        case p95MS = "p95_ms"
        case p99MS = "p99_ms"
    }
}

/// The answer of `GET /v1/status`: how this month's promises are kept.
public struct StatusBody: Codable, Sendable, Equatable {
    /// A model's promise.
    public struct Model: Codable, Sendable, Equatable {
        /// The model.
        public var model: String
        /// Seconds from dispatch to the video, as promised now; null for a model that the catalogue no longer has.
        @Nullable public var targetSeconds: Int?
        /// Millionths of the videos that came within the time promised at their freeze; null without any.
        @Nullable public var withinTargetPPM: Int?
        /// From dispatch to the stored video.
        public var fromDispatch: LatencyBody

        /// The body from its members, in the order of the fields.
        public init(model: String, targetSeconds: Int?, withinTargetPPM: Int?, fromDispatch: LatencyBody) {
            self.model = model
            self.targetSeconds = targetSeconds
            self.withinTargetPPM = withinTargetPPM
            self.fromDispatch = fromDispatch
        }

        private enum CodingKeys: String, CodingKey {
            case model
            case targetSeconds = "target_seconds"
            case withinTargetPPM = "within_target_ppm"
            case fromDispatch = "from_dispatch"
        }
    }

    /// Always `status`.
    public var object: String
    /// The month in UTC, `2026-11`.
    public var month: String
    /// How the API answered.
    public var availability: AvailabilityBody
    /// The models.
    public var models: [Model]

    /// The body from its members, in the order of the fields.
    public init(month: String, availability: AvailabilityBody, models: [Model]) {
        object = "status"
        self.month = month
        self.availability = availability
        self.models = models
    }
}

/// A month's promises with the numbers behind them, for operators.
public struct ServiceLevelReport: Codable, Sendable, Equatable {
    /// A model's month.
    public struct Model: Codable, Sendable, Equatable {
        /// The model.
        public var model: String
        /// Seconds from dispatch to the video, as promised now; null for a model that the catalogue no longer has.
        @Nullable public var targetSeconds: Int?
        /// Videos that were delivered.
        public var delivered: Int
        /// Those that came within the time promised at their freeze.
        public var withinTarget: Int
        /// Millionths of delivered and timed out tasks that came in time; null without any.
        @Nullable public var withinTargetPPM: Int?
        /// Tasks that were not ready at their deadline and were refunded.
        public var timedOut: Int
        /// Tasks that failed at the provider or here for another reason and were refunded.
        public var failed: Int
        /// From dispatch to the stored video.
        public var fromDispatch: LatencyBody
        /// From the batch's creation to the stored video.
        public var fromCreation: LatencyBody

        /// The body from its members, in the order of the fields.
        public init(
            model: String, targetSeconds: Int?, delivered: Int, withinTarget: Int, withinTargetPPM: Int?, timedOut: Int,
            failed: Int, fromDispatch: LatencyBody, fromCreation: LatencyBody
        ) {
            self.model = model
            self.targetSeconds = targetSeconds
            self.delivered = delivered
            self.withinTarget = withinTarget
            self.withinTargetPPM = withinTargetPPM
            self.timedOut = timedOut
            self.failed = failed
            self.fromDispatch = fromDispatch
            self.fromCreation = fromCreation
        }

        private enum CodingKeys: String, CodingKey {
            case model, delivered, failed
            case targetSeconds = "target_seconds"
            case withinTarget = "within_target"
            case withinTargetPPM = "within_target_ppm"
            case timedOut = "timed_out"
            case fromDispatch = "from_dispatch"
            case fromCreation = "from_creation"
        }
    }

    /// Always `service_level_report`.
    public var object: String
    /// The month in UTC, `2026-11`.
    public var month: String
    /// How the API answered.
    public var availability: AvailabilityBody
    /// The models.
    public var models: [Model]

    /// The body from its members, in the order of the fields.
    public init(month: String, availability: AvailabilityBody, models: [Model]) {
        object = "service_level_report"
        self.month = month
        self.availability = availability
        self.models = models
    }
}
