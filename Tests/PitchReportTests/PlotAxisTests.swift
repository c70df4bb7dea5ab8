import PitchReport
import Testing

@Suite struct PlotAxisTests {
    @Test(arguments: [
        (0, 100, 5, 0, 100, 20), (3, 97, 5, 0, 100, 20), (0, 1, 6, 0, 1, 1), (7, 7, 5, 7, 8, 1),
        (-3, 97, 6, -20, 100, 20), (-30, -4, 5, -30, 0, 10), (101, 149, 6, 100, 150, 10),
        (-1, 1, 2, -1, 1, 1), (0, 41, 9, 0, 45, 5),
    ] as [(Int128, Int128, Int, Int128, Int128, Int128)])
    func endsAreMultiplesOfTheStep(
        from: Int128, to: Int128, intervals: Int, lower: Int128, upper: Int128, step: Int128
    ) {
        let axis = PlotAxis(covering: from...to, intervals: intervals)
        #expect([axis.lower, axis.upper, axis.step] == [lower, upper, step])
        #expect(axis.ticks.first == lower && axis.ticks.last == upper)
    }

    @Test func everyStepIsOneTwoOrFiveTimesAPowerOfTen() {
        var random = SplitMix(seed: 11)
        for _ in 0..<2_000 {
            let ends = (0..<2).map { _ in
                Int128(Int64.random(in: .min ... .max, using: &random) >> (random.next() % 64))
            }
            let range = min(ends[0], ends[1])...max(ends[0], ends[1])
            let intervals = Int.random(in: 2...9, using: &random)
            let axis = PlotAxis(covering: range, intervals: intervals)
            var step = axis.step
            while step % 10 == 0 { step /= 10 }
            #expect([1, 2, 5].contains(step))
            #expect(axis.lower <= range.lowerBound && range.upperBound <= axis.upper)
            #expect((2...intervals + 1).contains(axis.ticks.count))
            #expect(axis.ticks.allSatisfy { $0 % axis.step == 0 })
        }
    }

    @Test(arguments: [
        ([100, 1_000], [], 0, 1_000), ([900, 1_000], [], 900, 1_000), ([0], [], 0, 100),
        ([5_000], [], 4_500, 5_500), ([-5_000], [], -5_500, -4_500),
        ([900, 1_000], [1_200], 900, 1_200), ([900, 1_000], [5_000], 900, 1_000),
        ([500], [900], 0, 900), ([1_000_000], [], 900_000, 1_000_000),
    ] as [([Int128], [Int128], Int128, Int128)])
    func range(values: [Int128], guides: [Int128], lower: Int128, upper: Int128) {
        let range = PlotAxis.range(of: values, guides: guides, unit: 100, ceiling: 1_000_000)
        #expect(range == lower...upper)
    }

    @Test(arguments: [
        (0, 60_000_00, "", "60,000"), (0, 10, "", "0.10"), (0, 90_000_000_00, "million", "100"),
        (0, 2_500_000_000_000_00, "billion", "2,500"), (900, 1_000, "", "10.00"),
    ] as [(Int128, Int128, String, String)])
    func moneyTicks(lower: Int128, upper: Int128, scale: String, last: String) {
        let axis = PlotAxis(covering: lower...upper, intervals: 6)
        let format = TickFormat.money(axis, currencyDigits: 2)
        #expect(format.scaleWord == scale)
        #expect(axis.ticks.last.map(format.text) == last)
    }

    @Test(arguments: [(0.0, 0.06, "6%"), (0.03, 0.034, "3.4%"), (0.5, 0.5002, "50.020%")])
    func percentTicks(lower: Double, upper: Double, last: String) {
        let range = FixedNumber.units(ofShare: lower)...FixedNumber.units(ofShare: upper)
        let axis = PlotAxis(covering: range, intervals: 7)
        #expect(axis.ticks.last.map(TickFormat.percent(axis).text) == last)
    }
}
