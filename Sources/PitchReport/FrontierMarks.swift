/// The points with their intervals and numbers, and the legend.
struct FrontierMarks {
    let geometry: FrontierGeometry

    /// Numbers are bold in size 12, and bold figures are as wide as these.
    private static let numberSize = 13.5
    private static let numberHeight = 12.0

    /// More numbers than this are not read, and the placement looks at every pair of them.
    private static let mostNumbers = 200

    func draw(into markup: inout Markup) {
        let points = geometry.wording.plot.points
        let places = numberPlaces
        // The important ones last, on top of the others; ties in the order given.
        let order = points.indices.sorted {
            (Self.rank(points[$0]), -$0) > (Self.rank(points[$1]), -$1)
        }
        // Leaders first, lest one crosses a number of another point.
        for index in order {
            guard let place = places[index], place.needsLeader else { continue }
            drawLeader(points[index], to: place.box, into: &markup)
        }
        for index in order {
            markup.element("g", ["class": Self.kind(points[index])]) { markup in
                markup.element("title", text: geometry.wording.tooltip(points[index]))
                drawIntervals(points[index], into: &markup)
                drawMark(points[index], into: &markup)
                if let place = places[index] {
                    drawNumber(points[index], in: place.box, into: &markup)
                }
            }
        }
        drawLegend(into: &markup)
    }

    private static func rank(_ point: FrontierPlot.Point) -> Int {
        point.isPicked ? 0 : point.isOnFrontier ? 1 : 2
    }

    private static func kind(_ point: FrontierPlot.Point) -> String {
        ["point picked", "point best", "point other"][rank(point)]
    }

    private static func radius(_ point: FrontierPlot.Point) -> Double {
        [9.5, 5, 4][rank(point)]
    }

    private func centre(_ point: FrontierPlot.Point) -> (x: Double, y: Double) {
        (geometry.x(costMinor: point.costMinor), geometry.y(share: point.conversion))
    }

    /// The places of the numbers by index; the picked point chooses first, then the frontier.
    var numberPlaces: [Int: LabelPlacement.Place] {
        let points = geometry.wording.plot.points
        let order = points.indices.sorted {
            (Self.rank(points[$0]), points[$0].number, $0)
                < (Self.rank(points[$1]), points[$1].number, $1)
        }
        var placement = LabelPlacement(
            frame: geometry.frame, marks: points.map(disc),
            strokes: points.flatMap(whiskerBoxes) + frontierBoxes + guideBoxes)
        var places: [Int: LabelPlacement.Place] = [:]
        for index in order.prefix(Self.mostNumbers) {
            let width = TextWidth.of(String(points[index].number), size: Self.numberSize)
            // Room at both sides, lest two numbers in a row read as one.
            places[index] = placement.place(
                width: width + 4, height: Self.numberHeight, beside: disc(points[index]))
        }
        return places
    }

    private func disc(_ point: FrontierPlot.Point) -> PlotDisc {
        let (x, y) = centre(point)
        return PlotDisc(x: x, y: y, radius: Self.radius(point) + 1)
    }

    private func whiskerBoxes(_ point: FrontierPlot.Point) -> [PlotBox] {
        let (x, y) = centre(point)
        let (costs, shares) = (point.costInterval, point.conversionInterval)
        return [
            PlotBox(
                minX: geometry.x(costMinor: costs.lowerBound), minY: y - 0.5,
                maxX: geometry.x(costMinor: costs.upperBound), maxY: y + 0.5),
            PlotBox(
                minX: x - 0.5, minY: geometry.y(share: shares.upperBound),
                maxX: x + 0.5, maxY: geometry.y(share: shares.lowerBound)),
        ]
    }

    private var guideBoxes: [PlotBox] {
        let frame = geometry.frame
        let costs = geometry.costGuides.filter { geometry.costAxis.contains($0.value) }
        let shares = geometry.conversionGuides.filter { geometry.conversionAxis.contains($0.value) }
        return costs.map { guide in
            let x = geometry.x(guide.value)
            return PlotBox(minX: x - 1, minY: frame.minY, maxX: x + 1, maxY: frame.maxY)
        } + shares.map { guide in
            let y = geometry.y(guide.value)
            return PlotBox(minX: frame.minX, minY: y - 1, maxX: frame.maxX, maxY: y + 1)
        }
    }

    private var frontierBoxes: [PlotBox] {
        let corners = geometry.frontierCorners
        return zip(corners, corners.dropFirst()).map { from, to in
            PlotBox(
                minX: min(from.x, to.x) - 1, minY: min(from.y, to.y) - 1,
                maxX: max(from.x, to.x) + 1, maxY: max(from.y, to.y) + 1)
        }
    }
}

extension FrontierMarks {
    private func drawIntervals(_ point: FrontierPlot.Point, into markup: inout Markup) {
        let (x, y) = centre(point)
        let (costs, shares) = (point.costInterval, point.conversionInterval)
        if costs.lowerBound < costs.upperBound {
            let from = geometry.x(costMinor: costs.lowerBound)
            let to = geometry.x(costMinor: costs.upperBound)
            markup.whisker("M\(Markup.pair((from, y)))L\(Markup.pair((to, y)))")
        }
        if shares.lowerBound < shares.upperBound {
            let from = geometry.y(share: shares.lowerBound)
            let to = geometry.y(share: shares.upperBound)
            markup.whisker("M\(Markup.pair((x, from)))L\(Markup.pair((x, to)))")
        }
    }

    private func drawMark(_ point: FrontierPlot.Point, into markup: inout Markup) {
        let (x, y) = centre(point)
        if point.isPicked {
            markup.star(x, y)
        } else {
            markup.circle(x, y, Self.radius(point))
        }
    }

    private func drawLeader(
        _ point: FrontierPlot.Point, to box: PlotBox, into markup: inout Markup
    ) {
        let (x, y) = centre(point)
        let nearX = max(box.minX + 2, min(x, box.maxX - 2))
        let nearY = max(box.minY + 1, min(y, box.maxY - 1))
        markup.line("leader", x, y, nearX, nearY)
    }

    private func drawNumber(
        _ point: FrontierPlot.Point, in box: PlotBox, into markup: inout Markup
    ) {
        let middle = (box.minX + box.maxX) / 2
        markup.words(String(point.number), "number", middle, box.maxY - 1.7, .middle)
    }

    private func drawLegend(into markup: inout Markup) {
        for entry in geometry.legend.entries {
            let (x, y) = (entry.x, geometry.legendTop + entry.y)
            let (end, middle) = (x + FrontierLegend.sampleWidth, x + 13)
            switch entry.key {
            case .picked: markup.element("g", ["class": "picked"]) { $0.star(middle, y) }
            case .frontierPoint: markup.element("g", ["class": "best"]) { $0.circle(middle, y, 5) }
            case .otherPoint: markup.element("g", ["class": "other"]) { $0.circle(middle, y, 4) }
            case .frontierLine:
                let corners = [(x + 2, y + 6), (x + 12, y + 6), (x + 12, y - 5), (end, y - 5)]
                let steps = corners.map(Markup.pair).joined(separator: "L")
                markup.empty("path", ["class": "frontier", "d": "M" + steps])
            case .interval:
                markup.element("g", ["class": "best"]) { markup in
                    markup.whisker(
                        "M\(Markup.pair((x + 3, y)))L\(Markup.pair((end - 3, y)))"
                            + "M\(Markup.pair((middle, y - 8)))L\(Markup.pair((middle, y + 8)))")
                }
            }
            markup.words(entry.key.text, "legend", end + 6, y + 4.4, .start)
        }
    }
}
