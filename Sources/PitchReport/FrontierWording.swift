/// The sentences, amounts and names that the picture and the page share.
struct FrontierWording {
    let plot: FrontierPlot
    /// Decimals of percentages: two more than the axis shows, so that neighbours differ.
    let percentDecimals: Int

    static let emptySentence = "There is no template to plot."

    /// An amount with all of its digits, `1,234.50`.
    func amount(_ minor: Int64) -> String {
        let digits = plot.currencyDigits
        return FixedNumber.text(Int128(minor), digits: digits, shown: digits)
    }

    func money(_ minor: Int64) -> String {
        amount(minor) + " " + plot.currencyCode
    }

    /// An amount as short as exactness allows, `60,000`.
    func shortMoney(_ minor: Int64) -> String {
        let digits = plot.currencyDigits
        let isWhole = FixedNumber.decimals(of: Int128(minor), digits: digits) == 0
        let text = FixedNumber.text(Int128(minor), digits: digits, shown: isWhole ? 0 : digits)
        return text + " " + plot.currencyCode
    }

    func percent(_ share: Double) -> String {
        let units = FixedNumber.units(ofShare: share)
        return FixedNumber.text(
            units, digits: FixedNumber.percentDigits, shown: percentDecimals) + "%"
    }

    /// A percentage with the decimals it needs and no more, `3.5%`.
    func shortPercent(_ share: Double) -> String {
        let units = FixedNumber.units(ofShare: share)
        let digits = FixedNumber.percentDigits
        let shown = FixedNumber.decimals(of: units, digits: digits)
        return FixedNumber.text(units, digits: digits, shown: shown) + "%"
    }

    func costInterval(_ point: FrontierPlot.Point) -> String {
        let interval = point.costInterval
        if interval.lowerBound == interval.upperBound { return "exact" }
        return amount(interval.lowerBound) + " – " + amount(interval.upperBound)
    }

    func conversionInterval(_ point: FrontierPlot.Point) -> String {
        let interval = point.conversionInterval
        if interval.lowerBound == interval.upperBound { return "exact" }
        return percent(interval.lowerBound) + " – " + percent(interval.upperBound)
    }

    func standing(_ point: FrontierPlot.Point) -> String {
        switch (point.isPicked, point.isOnFrontier) {
        case (true, true): "picked, on the frontier"
        case (true, false): "picked, not on the frontier"
        case (false, true): "on the frontier"
        case (false, false): "not on the frontier"
        }
    }

    /// What a reader sees who rests the pointer on a point.
    func tooltip(_ point: FrontierPlot.Point) -> String {
        """
        Template \(point.number): \(standing(point))
        Cost \(money(point.costMinor)) (\(costInterval(point)))
        Conversion \(percent(point.conversion)) (\(conversionInterval(point)))
        \(point.label)
        """
    }
}

extension FrontierWording {
    /// The whole picture in a few sentences.
    var summary: String {
        guard !plot.points.isEmpty else { return Self.emptySentence }
        return ([countSentence] + pickedSentences + guideSentences).joined(separator: " ")
    }

    private var countSentence: String {
        let count = plot.points.count
        let frontier = plot.points.count(where: \.isOnFrontier)
        let templates = count == 1 ? "1 template" : "\(count) templates"
        return "\(templates), \(frontier == 0 ? "none" : String(frontier)) on the frontier."
    }

    private var pickedSentences: [String] {
        plot.points.filter(\.isPicked).map { point in
            "Template \(point.number) is picked: it costs \(money(point.costMinor))"
                + " and converts \(percent(point.conversion)) of the audience."
        }
    }

    private var guideSentences: [String] {
        var sentences: [String] = []
        if let cap = plot.limits.costCapMinor {
            sentences.append("A plan may cost at most \(shortMoney(cap)).")
        }
        if let floor = plot.limits.conversionFloor {
            sentences.append("A plan must convert at least \(shortPercent(floor)).")
        }
        if let cost = plot.targets.costMinor {
            sentences.append("The cost target T0 is \(shortMoney(cost)).")
        }
        if let conversion = plot.targets.conversion {
            sentences.append("The conversion target P0 is \(shortPercent(conversion)).")
        }
        return sentences
    }
}
