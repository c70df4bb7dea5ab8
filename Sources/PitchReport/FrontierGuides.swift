/// A limit or a target: a line across the plot, and its words outside of the plot.
struct PlotGuide: Sendable {
    let text: String
    /// In units of its axis.
    let value: Int128
    let isTarget: Bool

    static let textSize = 12.0

    var textWidth: Double { TextWidth.of(text, size: Self.textSize) }
}

extension PlotGuide {
    /// Limits and targets of the cost, drawn as vertical lines.
    static func ofCost(_ wording: FrontierWording) -> [PlotGuide] {
        let (limits, targets) = (wording.plot.limits, wording.plot.targets)
        return [
            limits.costCapMinor.map { cap in
                PlotGuide(
                    text: amount("Cost cap ", cap, wording), value: Int128(cap), isTarget: false)
            },
            targets.costMinor.map { cost in
                PlotGuide(
                    text: amount("Target T0 ", cost, wording), value: Int128(cost), isTarget: true)
            },
        ].compactMap(\.self)
    }

    /// Cut where a currency code of any length would leave the picture.
    private static func amount(
        _ name: String, _ minor: Int64, _ wording: FrontierWording
    ) -> String {
        TextWidth.truncated(name + wording.shortMoney(minor), size: textSize, to: 400)
    }

    /// Limits and targets of the conversion, drawn as horizontal lines.
    static func ofConversion(_ wording: FrontierWording) -> [PlotGuide] {
        let (limits, targets) = (wording.plot.limits, wording.plot.targets)
        return [
            limits.conversionFloor.map { floor in
                PlotGuide(
                    text: "Floor " + wording.shortPercent(floor),
                    value: FixedNumber.units(ofShare: floor), isTarget: false)
            },
            targets.conversion.map { share in
                PlotGuide(
                    text: "Target P0 " + wording.shortPercent(share),
                    value: FixedNumber.units(ofShare: share), isTarget: true)
            },
        ].compactMap(\.self)
    }
}

/// Where the words of the guides stand: above the plot for costs, right of it for conversions.
enum GuideLayout {
    /// The middles of texts in a row and the row of each, 0 nearest to the plot.
    static func rows(
        _ wanted: [(centre: Double, width: Double)], from lower: Double, to upper: Double
    ) -> [(centre: Double, row: Int)] {
        var placed: [(centre: Double, row: Int)] = []
        var ends: [ClosedRange<Double>] = []
        for (centre, width) in wanted {
            let half = width / 2
            let middle = max(lower + half, min(centre, upper - half))
            let extent = (middle - half - 8)...(middle + half + 8)
            let row = ends.count(where: extent.overlaps)
            placed.append((middle, row))
            ends.append(extent)
        }
        return placed
    }

    /// Heights of at most two texts, pushed apart to stay `gap` away from each other.
    static func spread(
        _ wanted: [Double], gap: Double, from lower: Double, to upper: Double
    ) -> [Double] {
        guard wanted.count == 2, abs(wanted[0] - wanted[1]) < gap else { return wanted }
        let half = gap / 2
        let middle = max(lower + half, min((wanted[0] + wanted[1]) / 2, upper - half))
        let firstIsAbove = wanted[0] <= wanted[1]
        return firstIsAbove ? [middle - half, middle + half] : [middle + half, middle - half]
    }
}
