import PitchReport
import Testing

@Suite struct LabelPlacementTests {
    @Test(arguments: [1, 3, 12, 50], [1, 2, 3] as [UInt64])
    func numbersOfACampaignStandApart(count: Int, seed: UInt64) throws {
        let boxes = try boxes("number", FrontierSamples.campaign(count: count, seed: seed))
        #expect(boxes.count == count)
        expectApart(boxes)
    }

    @Test(arguments: [50, 120]) func numbersOfEqualPointsStandApart(count: Int) throws {
        let points = (1...count).map {
            FrontierSamples.point($0, cost: 7_500, conversion: 0.04, isOnFrontier: true)
        }
        let boxes = try boxes("number", FrontierSamples.plot(points))
        #expect(boxes.count == count)
        expectApart(boxes)
    }

    @Test func beyondTwoHundredOnlyTheFirstAreNumbered() throws {
        let boxes = try boxes("number", FrontierSamples.campaign(count: 600, seed: 5))
        #expect((150...200).contains(boxes.count))
        expectApart(boxes)
    }

    @Test func aNumberOfHostilePointsMayBeMissingButNeverOverlaps() throws {
        for seed in 0..<100 as Range<UInt64> {
            expectApart(try boxes("number", FrontierSamples.hostile(seed: seed)))
        }
    }

    @Test func aFreeNumberStandsAtTheUpperLeftOfItsMark() throws {
        var placement = LabelPlacement(frame: Self.frame, marks: [], strokes: [])
        let found = placement.place(width: 10, height: 10, beside: Self.disc)
        let place = try #require(found)
        #expect(!place.needsLeader)
        let corner = PlotBox(minX: 0, minY: 0, maxX: 52, maxY: 52)
        #expect(corner.contains(place.box))
    }

    @Test func aNumberAvoidsMarksAndLinesWhereItCan() throws {
        let mark = PlotDisc(x: 30, y: 50, radius: 18)
        let line = PlotBox(minX: 50, minY: 0, maxX: 100, maxY: 46)
        var placement = LabelPlacement(frame: Self.frame, marks: [mark], strokes: [line])
        let found = placement.place(width: 10, height: 10, beside: Self.disc)
        let place = try #require(found)
        #expect(!mark.overlaps(place.box) && !place.box.overlaps(line))
    }

    @Test func aFullFrameTakesNoMoreNumbers() {
        let frame = PlotBox(minX: 0, minY: 0, maxX: 25, maxY: 15)
        var placement = LabelPlacement(frame: frame, marks: [], strokes: [])
        let places = (0..<9).map { _ in
            placement.place(width: 10, height: 10, beside: PlotDisc(x: 12, y: 7, radius: 0))
        }
        #expect(places.contains { $0 != nil } && places.contains(nil))
    }

    @Test(arguments: [0.02, 0.0201, 0.05], [1_000_000, 1_010_000, 4_000_000] as [Int64])
    func textsOfLimitsAndTargetsStandApart(share: Double, cost: Int64) throws {
        var plot = FrontierSamples.campaign(count: 5, seed: 2)
        plot.limits = .init(costCapMinor: 1_000_000, conversionFloor: 0.02)
        plot.targets = .init(costMinor: cost, conversion: share)
        let limits = try boxes("guide-text limit", plot)
        let targets = try boxes("guide-text target", plot)
        #expect(limits.count == 2 && targets.count == 2)
        expectApart(limits + targets)
    }

    @Test func aNumberNearerToAnotherMarkHasALeader() {
        let other = PlotDisc(x: 40, y: 40, radius: 1)
        var placement = LabelPlacement(frame: Self.frame, marks: [Self.disc, other], strokes: [])
        let first = placement.place(width: 4, height: 4, beside: Self.disc)
        #expect(first?.needsLeader == false)
        let strip = PlotBox(minX: 41, minY: 41, maxX: 47, maxY: 47)
        var narrow = LabelPlacement(frame: strip, marks: [Self.disc, other], strokes: [])
        let forced = narrow.place(width: 4, height: 4, beside: Self.disc)
        #expect(forced?.needsLeader == true)
    }

    private static let disc = PlotDisc(x: 50, y: 50, radius: 5)
    private static let frame = PlotBox(minX: 0, minY: 0, maxX: 100, maxY: 100)

    /// The boxes of the texts of a class, as a font of size 12 fills them: bold figures are wider.
    private func boxes(_ kind: String, _ plot: FrontierPlot) throws -> [PlotBox] {
        let svg = try #require(XMLReading(plot.svg))
        return try svg.elements("text", class: kind).map { text in
            let x = try #require(text.attributes["x"].flatMap(Double.init))
            let y = try #require(text.attributes["y"].flatMap(Double.init))
            let width = Double(text.text.count) * (kind == "number" ? 8.35 : 6.8)
            let start = text.attributes["text-anchor"] == "middle" ? x - width / 2 : x
            return PlotBox(minX: start, minY: y - 9, maxX: start + width, maxY: y + 2)
        }
    }

    private func expectApart(_ boxes: [PlotBox]) {
        for (index, box) in boxes.enumerated() {
            #expect(!boxes[..<index].contains(where: box.overlaps))
        }
    }
}
