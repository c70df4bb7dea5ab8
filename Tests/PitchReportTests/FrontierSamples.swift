import PitchReport

/// A small generator with a fixed sequence, so that a failure names a seed that repeats it.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Plots to draw in tests.
enum FrontierSamples {
    /// A point with intervals of the given half widths.
    static func point(
        _ number: Int, cost: Int64, conversion: Double, costSpread: Int64 = 0,
        conversionSpread: Double = 0, label: String = "40,000 × off20",
        isOnFrontier: Bool = false, isPicked: Bool = false
    ) -> FrontierPlot.Point {
        FrontierPlot.Point(
            number: number, costMinor: cost,
            costInterval: (cost - costSpread)...(cost + costSpread), conversion: conversion,
            conversionInterval: (conversion - conversionSpread)...(conversion + conversionSpread),
            label: label, isOnFrontier: isOnFrontier, isPicked: isPicked)
    }

    static func plot(
        _ points: [FrontierPlot.Point], title: String = "Autumn coupons", digits: Int = 2,
        limits: FrontierPlot.Limits = .init(), targets: FrontierPlot.Targets = .init()
    ) -> FrontierPlot {
        FrontierPlot(
            title: title, currencyCode: "CNY", currencyDigits: digits, points: points,
            limits: limits, targets: targets)
    }

    /// A campaign as marketers know them: dearer templates convert more, with less and less gain.
    static func campaign(count: Int, seed: UInt64) -> FrontierPlot {
        var random = SplitMix(seed: seed)
        let drafts = (0..<count).map { _ in
            let cost = Int64.random(in: 400_000...9_500_000, using: &random)
            let gain = Double(cost) / (Double(cost) + 4_000_000)
            return (cost, gain * Double.random(in: 0.045...0.08, using: &random))
        }
        let best = drafts.indices.filter { index in
            !drafts.contains { $0.0 <= drafts[index].0 && $0.1 > drafts[index].1 }
        }
        let picked = best.sorted { drafts[$0].0 < drafts[$1].0 }[best.count / 2]
        let points = drafts.enumerated().map { index, draft in
            point(
                index + 1, cost: draft.0, conversion: draft.1, costSpread: draft.0 / 22,
                conversionSpread: 0.0012 + draft.1 / 40,
                label: "\(FixedNumber.grouped(UInt128(draft.0 / 90))) × off20, 10,000 × comeback",
                isOnFrontier: best.contains(index), isPicked: index == picked)
        }
        return plot(
            points, title: "Autumn coupons: cost and conversion of \(count) templates",
            limits: .init(costCapMinor: 8_000_000, conversionFloor: 0.02),
            targets: .init(costMinor: 5_000_000, conversion: 0.035))
    }

    /// Any plot the interface allows, with texts that try to break out.
    static func hostile(seed: UInt64) -> FrontierPlot {
        var random = SplitMix(seed: seed)
        let points = (0..<Int.random(in: 0...24, using: &random)).map { _ in
            let costs = (0..<3).map { _ in cost(&random) }.sorted()
            let shares = (0..<3).map { _ in Double.random(in: 0...1, using: &random) }.sorted()
            return FrontierPlot.Point(
                number: Int.random(in: -3...99_999, using: &random), costMinor: costs[1],
                costInterval: costs[0]...costs[2], conversion: shares[1],
                conversionInterval: (shares[0] - 0.1)...(shares[2] + 0.1),
                label: text(&random), isOnFrontier: .random(using: &random),
                isPicked: .random(using: &random))
        }
        return FrontierPlot(
            title: text(&random), currencyCode: text(&random),
            currencyDigits: Int.random(in: 0...18, using: &random), points: points,
            limits: .init(
                costCapMinor: Bool.random(using: &random) ? cost(&random) : nil,
                conversionFloor: Bool.random(using: &random) ? 0.25 : nil),
            targets: .init(
                costMinor: Bool.random(using: &random) ? cost(&random) : nil,
                conversion: Bool.random(using: &random) ? 1 : nil))
    }

    private static func cost(_ random: inout SplitMix) -> Int64 {
        Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
    }

    private static func text(_ random: inout SplitMix) -> String {
        let pieces = [
            "<script>alert(1)</script>", "]]>", "<!--", "-->", "&amp;", "&", "\"", "'", "\u{0}",
            "\u{8}", "\u{1B}[31m", "\u{FFFE}", "\u{FFFF}", "\u{1FFFE}",
            String(decoding: [0xFDD0 as UInt16], as: UTF16.self), "\r\n", "\t",
            "\u{85}", "\u{202E}", "</svg>", "</title>", "</style>", "中文优惠券", "🛍️", "e\u{301}",
            "\u{10FFFF}", "plain words", "{{x}}", "\\", "<?xml?>", "<![CDATA[", "%s", "é",
        ]
        let count = Int.random(in: 0...8, using: &random)
        return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
}
