/// Where everything stands in the picture, y downwards, 960 units wide.
struct FrontierGeometry {
    let costAxis: PlotAxis
    let costFormat: TickFormat
    let conversionAxis: PlotAxis
    let conversionFormat: TickFormat
    let costGuides: [PlotGuide]
    let conversionGuides: [PlotGuide]
    let wording: FrontierWording
    /// The frame that the grid fills.
    let frame: PlotBox
    let legend: FrontierLegend
    /// The top of the legend.
    let legendTop: Double
    let height: Double

    static let width = 960.0
    static let edge = 24.0
    static let tickSize = 12.0
    private static let frameHeight = 430.0
    private static let titleHeight = 46.0
    private static let guideRowHeight = 17.0
    /// What a label of a tick may reach beyond the frame.
    private static let overhang = edge + inset
    private static let mostConversionSteps = 7
    private static let mostCostSteps = 8
    /// Keeps marks that lie on an end of an axis off the frame.
    private static let inset = 16.0

    /// A geometry of at least one point.
    init(_ plot: FrontierPlot, isHeaded: Bool) {
        let conversions = Self.conversionAxis(plot)
        let percents = TickFormat.percent(conversions)
        let wording = FrontierWording(
            plot: plot, percentDecimals: min(percents.shown + 2, percents.digits))
        costGuides = PlotGuide.ofCost(wording)
        conversionGuides = PlotGuide.ofConversion(wording)
        let guideWidth = conversionGuides.map { $0.textWidth + 22 }.max() ?? 0
        let minX = Self.edge + 30 + Self.widest(conversions, percents)
        let maxX = Self.width - max(Self.edge + 8, guideWidth + 10)
        (costAxis, costFormat) = Self.costAxis(plot, length: maxX - minX)
        (conversionAxis, conversionFormat) = (conversions, percents)
        legend = FrontierLegend(plot, width: Self.width - 2 * Self.edge)
        legendTop = isHeaded ? Self.titleHeight + 8 : 8
        // Two guides of the cost can need a row each; the plot stays where it is either way.
        let guideRows = Double(costGuides.count) * Self.guideRowHeight
        let top = legendTop + legend.height + 12 + guideRows
        frame = PlotBox(minX: minX, minY: top, maxX: maxX, maxY: top + Self.frameHeight)
        height = frame.maxY + 58
        self.wording = wording
    }

    func x(_ units: Int128) -> Double {
        let length = frame.width - 2 * Self.inset
        return frame.minX + Self.inset + length * costAxis.fraction(units)
    }

    func y(_ units: Int128) -> Double {
        let length = frame.height - 2 * Self.inset
        return frame.maxY - Self.inset - length * conversionAxis.fraction(units)
    }

    /// The middle of the label of a tick: below the tick unless the picture ends too soon.
    func labelX(_ tick: Int128) -> Double {
        let half = TextWidth.of(costFormat.text(tick), size: Self.tickSize) / 2
        return max(half + 2, min(x(tick), Self.width - half - 2))
    }

    func x(costMinor: Int64) -> Double { x(Int128(costMinor)) }

    func y(share: Double) -> Double { y(FixedNumber.units(ofShare: share)) }

    /// The corners of the stepped line: from each point level to the right, and up to the next.
    /// It ends at the right of the frame, because more money never forbids a plan.
    var frontierCorners: [(x: Double, y: Double)] {
        let points = wording.plot.points.filter(\.isOnFrontier).sorted {
            ($0.costMinor, $0.conversion) < ($1.costMinor, $1.conversion)
        }
        var corners: [(x: Double, y: Double)] = []
        for point in points {
            let (x, y) = (x(costMinor: point.costMinor), y(share: point.conversion))
            if let last = corners.last {
                if y >= last.y { continue }
                corners.append((x, last.y))
            }
            corners.append((x, y))
        }
        if let last = corners.last { corners.append((frame.maxX, last.y)) }
        return corners
    }
}

extension FrontierGeometry {
    private static func conversionAxis(_ plot: FrontierPlot) -> PlotAxis {
        let shares = plot.points.flatMap {
            [$0.conversion, $0.conversionInterval.lowerBound, $0.conversionInterval.upperBound]
        }
        let guides = [plot.limits.conversionFloor, plot.targets.conversion].compactMap(\.self)
        let range = PlotAxis.range(
            of: shares.map(FixedNumber.units(ofShare:)),
            guides: guides.map(FixedNumber.units(ofShare:)),
            unit: FixedNumber.units(ofShare: 0.001), ceiling: FixedNumber.units(ofShare: 1))
        return PlotAxis(covering: range, intervals: mostConversionSteps)
    }

    /// The axis with the most steps whose labels stand apart.
    private static func costAxis(_ plot: FrontierPlot, length: Double) -> (PlotAxis, TickFormat) {
        let costs: [Int64] = plot.points.flatMap {
            [$0.costMinor, $0.costInterval.lowerBound, $0.costInterval.upperBound]
        }
        let guides: [Int64] = [plot.limits.costCapMinor, plot.targets.costMinor].compactMap(\.self)
        let range = PlotAxis.range(
            of: costs.map { Int128($0) }, guides: guides.map { Int128($0) },
            unit: FixedNumber.powerOfTen(plot.currencyDigits))
        var steps = mostCostSteps
        while true {
            let axis = PlotAxis(covering: range, intervals: steps)
            let format = TickFormat.money(axis, currencyDigits: plot.currencyDigits)
            let room = (length - 2 * inset) / Double(axis.ticks.count - 1)
            let label = widest(axis, format)
            // The outer labels move inwards where half of them would not fit beside the frame.
            let shift = max(0, label / 2 - overhang)
            if steps == 2 || label + shift + 14 <= room { return (axis, format) }
            steps -= 1
        }
    }

    private static func widest(_ axis: PlotAxis, _ format: TickFormat) -> Double {
        axis.ticks.map { TextWidth.of(format.text($0), size: tickSize) }.max() ?? 0
    }
}
