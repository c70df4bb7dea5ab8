/// Everything behind the points: the grid, the axes, the guides and the frontier.
struct FrontierLines {
    let geometry: FrontierGeometry

    private var frame: PlotBox { geometry.frame }

    func draw(into markup: inout Markup) {
        drawGrid(into: &markup)
        drawAxisTitles(into: &markup)
        drawCostGuides(into: &markup)
        drawConversionGuides(into: &markup)
        drawFrontier(into: &markup)
        drawTargetMark(into: &markup)
    }

    private func drawGrid(into markup: inout Markup) {
        for tick in geometry.conversionAxis.ticks {
            let y = geometry.y(tick)
            markup.line("grid", frame.minX, y, frame.maxX, y)
            markup.words(
                geometry.conversionFormat.text(tick), "tick", frame.minX - 8, y + 4, .end)
        }
        for tick in geometry.costAxis.ticks {
            let x = geometry.x(tick)
            markup.line("grid", x, frame.minY, x, frame.maxY)
            let text = geometry.costFormat.text(tick)
            markup.words(text, "tick", geometry.labelX(tick), frame.maxY + 18, .middle)
        }
        markup.line("axis", frame.minX, frame.maxY, frame.maxX, frame.maxY)
        markup.line("axis", frame.minX, frame.minY, frame.minX, frame.maxY)
    }

    private func drawAxisTitles(into markup: inout Markup) {
        let scale = geometry.costFormat.scaleWord
        let unit = (scale.isEmpty ? "" : scale + " ") + geometry.wording.plot.currencyCode
        let cost = TextWidth.truncated(
            "Marketing cost, " + unit, size: 13, to: FrontierGeometry.width / 2)
        let middle = (frame.minX + frame.maxX) / 2
        markup.words(cost, "axis-title", middle, frame.maxY + 42, .middle)
        let (x, y) = (FrontierGeometry.edge + 8, (frame.minY + frame.maxY) / 2)
        let turn = "rotate(-90 \(FixedNumber.coordinate(x)) \(FixedNumber.coordinate(y)))"
        markup.element("g", ["transform": turn]) { markup in
            markup.words("Conversion, share of the audience", "axis-title", x, y, .middle)
        }
    }

    private func drawFrontier(into markup: inout Markup) {
        let corners = geometry.frontierCorners
        guard let first = corners.first else { return }
        let steps = corners.map(Markup.pair).joined(separator: "L")
        let bottom = [(x: frame.maxX, y: frame.maxY), (x: first.x, y: frame.maxY)]
        let area = steps + "L" + bottom.map(Markup.pair).joined(separator: "L") + "Z"
        markup.empty("path", ["class": "reach", "d": "M" + area])
        markup.empty("path", ["class": "frontier", "d": "M" + steps])
    }

    private func drawCostGuides(into markup: inout Markup) {
        let guides = geometry.costGuides
        let places = GuideLayout.rows(
            guides.map { (centre(of: $0), $0.textWidth + 20) }, from: frame.minX,
            to: FrontierGeometry.width - FrontierGeometry.edge)
        for (guide, place) in zip(guides, places) {
            let y = frame.minY - 8 - Double(place.row) * 17
            let kind = guide.isTarget ? "target" : "limit"
            if geometry.costAxis.contains(guide.value) {
                let x = geometry.x(guide.value)
                markup.line("guide " + kind, x, y + 5, x, frame.maxY)
                markup.words(guide.text, "guide-text " + kind, place.centre, y, .middle)
            } else {
                let isRight = guide.value > geometry.costAxis.upper
                let text = isRight ? guide.text + " →" : "← " + guide.text
                markup.words(text, "guide-text " + kind, place.centre, y, .middle)
            }
        }
    }

    private func centre(of guide: PlotGuide) -> Double {
        guide.value < geometry.costAxis.lower
            ? frame.minX : geometry.x(min(guide.value, geometry.costAxis.upper))
    }

    private func drawConversionGuides(into markup: inout Markup) {
        let axis = geometry.conversionAxis
        let guides = geometry.conversionGuides
        let heights = guides.map { geometry.y(max(axis.lower, min($0.value, axis.upper))) }
        let spread = GuideLayout.spread(
            heights, gap: 16, from: frame.minY + 8, to: frame.maxY - 8)
        for (index, guide) in guides.enumerated() {
            let kind = guide.isTarget ? "target" : "limit"
            var text = guide.text
            if axis.contains(guide.value) {
                let y = heights[index]
                markup.line("guide " + kind, frame.minX, y, frame.maxX + 4, y)
            } else {
                text += guide.value > axis.upper ? " ↑" : " ↓"
            }
            markup.words(text, "guide-text " + kind, frame.maxX + 8, spread[index] + 4, .start)
        }
    }

    /// A diamond where both targets meet.
    private func drawTargetMark(into markup: inout Markup) {
        guard let cost = geometry.costGuides.first(where: \.isTarget),
            let conversion = geometry.conversionGuides.first(where: \.isTarget),
            geometry.costAxis.contains(cost.value),
            geometry.conversionAxis.contains(conversion.value)
        else { return }
        let (x, y) = (geometry.x(cost.value), geometry.y(conversion.value))
        markup.shape("target-mark", [(0, -6), (6, 0), (0, 6), (-6, 0)], x, y)
    }
}
