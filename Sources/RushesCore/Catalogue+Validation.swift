extension Catalogue {
    /// What is wrong with the catalogue, one sentence each; empty when it can be applied.
    package var defects: [String] {
        var found: [String] = []
        if models.isEmpty { found.append("models: a catalogue has at least one model") }
        if Set(models.map(\.id)).count < models.count { found.append("models: two models have the same id") }
        if Set(packages.map(\.id)).count < packages.count { found.append("packages: two packages have the same id") }
        for model in models { found += model.defects.map { "model \(model.id): \($0)" } }
        for package in packages
        where package.paid <= .zero || package.face <= .zero || package.face.micros > Limits.lotMicrosMax {
            found.append("package \(package.id): paid and face are above zero")
        }
        return found
    }
}

extension VideoModel {
    fileprivate var defects: [String] {
        var found: [String] = []
        let idIsRight =
            !id.isEmpty && id.utf8.count <= 64 && !id.hasControlCharacters && !id.contains(":") && !id.contains(" ")
        if !idIsRight { found.append("id has 1 to 64 characters, no space, no colon") }
        if unitPrice <= .zero || unitPrice.micros > Limits.unitPriceMicrosMax {
            found.append("unit_price_micros is between 1 and \(Limits.unitPriceMicrosMax)")
        }
        if minBatch < 1 || minBatch > maxBatch { found.append("min_batch is between 1 and max_batch") }
        if maxBatch > Limits.tasksPerBatchMax { found.append("max_batch is at most \(Limits.tasksPerBatchMax)") }
        if seconds.isEmpty || seconds.contains(where: { $0 < 1 || $0 > 600 }) {
            found.append("seconds lists lengths from 1 to 600")
        }
        if sizes.isEmpty || sizes.contains(where: { !Self.isSize($0) }) {
            found.append("sizes lists sizes like 1280x720")
        }
        if slaSeconds < 1 || deadlineSeconds < 1 || deadlineSeconds > 86_400 {
            found.append("sla_seconds and deadline_seconds are between 1 and 86,400")
        }
        found += ServiceCreditStep.defects(of: serviceCredits)
        for route in routes { found += route.defects }
        if Set(routes.map(\.lane)).count < routes.count { found.append("two routes are the same") }
        if routes.count > Limits.routesPerModelMax {
            found.append("at most \(Limits.routesPerModelMax) routes, the first one counted")
        }
        return found
    }

    private static func isSize(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return false }
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1] else { return false }
        return (16...8_192).contains(width) && (16...8_192).contains(height)
    }
}

extension ProviderRoute {
    fileprivate var defects: [String] {
        var found: [String] = []
        if provider.isEmpty || provider.contains(":") || model.isEmpty {
            found.append("route names a provider (without colon) and a model")
        }
        if maxInFlight < 1 || maxInFlight > Limits.laneInFlightMax {
            found.append("max_in_flight is between 1 and 100,000")
        }
        if createsPerMinute < 1 || createsPerMinute > Limits.laneCreatesPerMinuteMax {
            found.append("creates_per_minute is between 1 and 1,000,000")
        }
        if let price, price.amount < .zero || price.amount.micros > Limits.unitPriceMicrosMax {
            found.append("cost_micros is between 0 and \(Limits.unitPriceMicrosMax)")
        }
        return found + parameterDefects
    }
}
