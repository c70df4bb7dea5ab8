import PitchReport
import Testing

@Suite struct FixedNumberTests {
    @Test(arguments: [
        (0, 2, 2, "0.00"), (123_456_789, 2, 2, "1,234,567.89"), (-5, 2, 2, "−0.05"),
        (-4, 2, 1, "0.0"), (-5, 2, 1, "−0.1"), (995, 3, 2, "1.00"), (994, 3, 2, "0.99"),
        (1_000, 0, 0, "1,000"), (7, 0, 2, "7.00"), (7, 1, 3, "0.700"), (999, 0, 0, "999"),
        (35_000_000_000, 10, 1, "3.5"), (1, 18, 18, "0.000000000000000001"),
    ] as [(Int128, Int, Int, String)])
    func text(value: Int128, digits: Int, shown: Int, expected: String) {
        #expect(FixedNumber.text(value, digits: digits, shown: shown) == expected)
    }

    @Test func theEndsOfInt64() {
        let most = FixedNumber.text(Int128(Int64.max), digits: 2, shown: 2)
        #expect(most == "92,233,720,368,547,758.07")
        let least = FixedNumber.text(Int128(Int64.min), digits: 2, shown: 0)
        #expect(least == "−92,233,720,368,547,758")
    }

    @Test(arguments: [
        (0, "0"), (-0.001, "0"), (12, "12"), (12.5, "12.5"), (12.346, "12.35"), (12.04, "12.04"),
        (-3.25, "-3.25"), (-0.5, "-0.5"), (0.999, "1"),
    ])
    func coordinate(length: Double, expected: String) {
        #expect(FixedNumber.coordinate(length) == expected)
    }

    @Test(arguments: [
        (0, 2, 0), (100, 2, 0), (50, 2, 1), (25, 2, 2), (5_000, 2, 0), (1, 10, 10),
    ] as [(Int128, Int, Int)])
    func decimals(step: Int128, digits: Int, expected: Int) {
        #expect(FixedNumber.decimals(of: step, digits: digits) == expected)
    }
}
