package import RushesCore

extension CatalogueBody {
    /// The catalogue of a price book, as operators see it.
    package init(_ book: PriceBook) {
        self.init(
            version: book.version, models: book.catalogue.models.map(CatalogueModelBody.init),
            packages: book.catalogue.packages.map {
                PackageBody(id: $0.id, paidMicros: $0.paid.micros, faceMicros: $0.face.micros)
            })
    }

    /// Reads a catalogue that is to be applied; whether it makes sense is `Catalogue.defects`' question.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package static func catalogue(reading bytes: [UInt8]) throws -> Catalogue {
        var members = try RequestMembers(bytes)
        let models = members.array("models") { value, pointer, issues in
            RequestMembers.read(value, at: pointer, &issues) { VideoModel(reading: &$0) }
        }
        let packages = members.array("packages") { value, pointer, issues in
            RequestMembers.read(value, at: pointer, &issues) { PackageOffer(reading: &$0) }
        }
        try members.finish()
        return Catalogue(models: models, packages: packages)
    }
}

extension CatalogueModelBody {
    fileprivate init(_ entry: VideoModel) {
        self.init(
            id: entry.id, displayName: entry.displayName, unitPriceMicros: entry.unitPrice.micros,
            minBatch: entry.minBatch, maxBatch: entry.maxBatch, seconds: entry.seconds, sizes: entry.sizes,
            slaSeconds: entry.slaSeconds, deadlineSeconds: entry.deadlineSeconds,
            route: RouteBody(entry.route),
            fallbackRoutes: entry.fallbackRoutes.isEmpty ? nil : entry.fallbackRoutes.map(RouteBody.init),
            unknownCreatePolicy: entry.unknownCreatePolicy.rawValue, state: entry.state.rawValue,
            slaCredits: entry.serviceCredits.isEmpty ? nil : entry.serviceCredits.map(ServiceCreditStepBody.init))
    }
}

extension ServiceCreditStepBody {
    fileprivate init(_ step: ServiceCreditStep) {
        self.init(belowBasisPoints: step.belowBasisPoints, creditBasisPoints: step.creditBasisPoints)
    }
}

extension RouteBody {
    fileprivate init(_ route: ProviderRoute) {
        self.init(
            provider: route.provider, model: route.model, maxInFlight: route.maxInFlight,
            createsPerMinute: route.createsPerMinute, costMicros: route.price?.amount.micros,
            isBilledOnFailure: route.price?.isBilledOnFailure,
            parameters: route.parameters.isEmpty ? nil : route.parameters.mapValues(RouteParameterBody.init))
    }
}

extension RouteParameterBody {
    fileprivate init(_ parameter: RouteParameter) {
        switch parameter {
        case .string(let value): self = .string(value)
        case .integer(let value): self = .integer(value)
        case .boolean(let value): self = .boolean(value)
        }
    }
}

extension VideoModel {
    fileprivate init(reading members: inout RequestMembers) {
        self.init(
            id: members.string("id"), displayName: members.string("display_name"),
            unitPrice: Credits(micros: members.integer("unit_price_micros")),
            minBatch: members.count("min_batch"), maxBatch: members.count("max_batch"),
            seconds: members.array("seconds") { value, pointer, issues in
                if case .integer(let seconds) = value { return Int(seconds) }
                issues.add(IssueBody(pointer: pointer, code: "invalid_type", detail: "an integer is expected"))
                return 0
            },
            sizes: members.array("sizes") { value, pointer, issues in
                if case .string(let size) = value { return size }
                issues.add(IssueBody(pointer: pointer, code: "invalid_type", detail: "a string is expected"))
                return ""
            },
            slaSeconds: members.count("sla_seconds"), deadlineSeconds: members.count("deadline_seconds"),
            route: members.object("route") { ProviderRoute(reading: &$0) },
            unknownCreatePolicy: members.choice("unknown_create_policy", otherwise: .fail),
            state: members.choice("state", otherwise: .active),
            fallbackRoutes: members.array("fallback_routes", isRequired: false) { value, pointer, issues in
                RequestMembers.read(value, at: pointer, &issues) { ProviderRoute(reading: &$0) }
            },
            serviceCredits: members.array("sla_credits", isRequired: false) { value, pointer, issues in
                RequestMembers.read(value, at: pointer, &issues) { ServiceCreditStep(reading: &$0) }
            })
    }
}

extension ServiceCreditStep {
    fileprivate init(reading members: inout RequestMembers) {
        self.init(
            belowBasisPoints: members.count("below_basis_points"),
            creditBasisPoints: members.count("credit_basis_points"))
    }
}

extension ProviderRoute {
    fileprivate init(reading members: inout RequestMembers) {
        self.init(
            provider: members.string("provider"), model: members.string("model"),
            maxInFlight: members.count("max_in_flight"), createsPerMinute: members.count("creates_per_minute"),
            price: members.generationPrice(), parameters: members.routeParameters())
    }
}

extension PackageOffer {
    fileprivate init(reading members: inout RequestMembers) {
        self.init(
            id: members.string("id"), paid: Dollars(micros: members.integer("paid_micros")),
            face: Credits(micros: members.integer("face_micros")))
    }
}

extension RequestMembers {
    /// What a generation costs; whether failed ones are billed says nothing without it.
    fileprivate mutating func generationPrice() -> GenerationPrice? {
        let micros = optionalInteger("cost_micros")
        let isBilledOnFailure = optionalBoolean("is_billed_on_failure")
        guard let micros else {
            if isBilledOnFailure != nil {
                note("is_billed_on_failure", "invalid_value", "it needs cost_micros beside it")
            }
            return nil
        }
        return GenerationPrice(amount: Dollars(micros: micros), isBilledOnFailure: isBilledOnFailure ?? false)
    }

    /// A flat object of strings, integers and booleans.
    fileprivate mutating func routeParameters() -> [String: RouteParameter] {
        optionalMembers("parameters") { value, pointer, issues in
            switch value {
            case .string(let text): return .string(text)
            case .integer(let number): return .integer(number)
            case .boolean(let flag): return .boolean(flag)
            case .object, .array, .otherNumber, .null:
                issues.add(
                    IssueBody(
                        pointer: pointer, code: "invalid_type",
                        detail: "a parameter is a string, an integer, or true or false"))
                return nil
            }
        }
    }

    fileprivate mutating func count(_ name: String) -> Int { Int(integer(name)) }

    /// One of the words of an enum; `otherwise`, with an issue, for any other word.
    fileprivate mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, otherwise: Choice
    ) -> Choice {
        guard let word = optionalString(name) else { return otherwise }
        if let choice = Choice(rawValue: word) { return choice }
        note(name, "invalid_value", "\(name) has no value \(word.prefix(64))")
        return otherwise
    }
}
