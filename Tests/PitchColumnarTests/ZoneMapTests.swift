import PitchProgram
import PitchSchema
import PitchTestSupport
import Testing

@testable import PitchColumnar

/// What zones say of a column, and that rules over members who lie by a field skip most of them.
@Suite struct ZoneMapTests {
    /// Numbers that rise, with some that do not and some missing, as wide as asked.
    private static func column(_ width: PackedIntegers.Width) -> (PackedIntegers, Bitmap) {
        var generator = SeededGenerator(seed: UInt64(width.rawValue))
        let step: Int64 =
            switch width {
            case .one: 0
            case .two: 7
            case .four: 90_000
            case .eight: 1 << 40 + 1
            }
        var missing = Bitmap(count: 1000)
        let values = (0..<1000).map { row -> Int64 in
            missing[row] = row < 130 || generator.next() % 9 == 0
            return Int64(row) * step + Int64(generator.next() % 200) - 100
        }
        return (PackedIntegers(values, missing: missing), missing)
    }

    @Test(arguments: [PackedIntegers.Width.one, .two, .four, .eight], [true, false])
    func zonesTellTheTruth(width: PackedIntegers.Width, isMissing: Bool) {
        let (values, absent) = Self.column(width)
        #expect(values.width == width)
        let missing = isMissing ? absent : nil
        let zones = ZoneMap(values, missing: missing, rows: 64)
        var decided = 0
        for (low, high) in [(0, 100), (300, 600), (999, 999), (500, 400), (129, 131)] {
            let range = min(values[low], values[high])...max(values[low], values[high])
            for rows in [0..<1000, 64..<128, 5..<900, 640..<1000, 130..<131] {
                let known = rows.filter { missing?[$0] != true }
                let within = known.filter { range.contains(values[$0]) }
                let truth =
                    known.count < rows.count
                    ? nil : within.isEmpty ? false : within.count == rows.count ? true : nil
                let found = zones.areWithin(range, rows)
                #expect(found == nil || found == truth)
                decided += found == nil ? 0 : 1
            }
            var row = 0
            while row < 1000 {
                let stretch = zones.stretch(from: row, to: 1000, within: range)
                if let isWithin = stretch.isWithin {
                    for row in row..<stretch.end where missing?[row] != true {
                        #expect(isWithin == range.contains(values[row]))
                    }
                    decided += 1
                }
                row = stretch.end
            }
        }
        #expect(width == .one || decided > 5)
    }

    @Test func keptZonesFitTheirColumnAlone() throws {
        let (values, missing) = Self.column(.four)
        let zones = ZoneMap(values, missing: missing, rows: 64)
        let kept = try #require(ZoneMap(bytes: zones.bytes, rows: 64, count: 1000))
        #expect(kept.areWithin(0...1, 64..<128) == zones.areWithin(0...1, 64..<128))
        let others = [(64, 1100), (64, 900), (128, 1000), (0, 1000), (-64, 1000), (65, 1000)]
        for (rows, count) in others {
            #expect(ZoneMap(bytes: zones.bytes, rows: rows, count: count) == nil)
        }
    }

    // MARK: - Rules

    private static let born = Make.member(3)
    private static let young = Make.truth(.compare(.greater, born, date(15_000)))
    private static let old = Make.truth(.compare(.less, born, date(900)))
    private static let between = Make.truth(
        .and([
            Make.truth(.compare(.greaterOrEqual, born, date(9000))),
            Make.truth(.compare(.lessOrEqual, born, date(9100))),
        ]))
    private static let rich = Make.truth(.compare(.greater, Make.member(1), Make.money(2000)))

    private static func date(_ day: Int32) -> Expression {
        Expression(.constant(.date(day)), .date)
    }

    private static let rules: [Expression] = [
        young, old, between, Make.truth(.not(young)), Make.truth(.and([rich, between])),
        Make.truth(.or([rich, young])), Make.truth(.not(Make.truth(.or([old, rich])))),
        Make.truth(.and([Make.truth(.not(between)), Make.truth(.not(rich))])),
        Make.truth(.compare(.notEqual, born, date(4000))),
    ]

    /// Chunks of less than a zone, of one and of several.
    @Test(arguments: [64, 4096, 16_384], [1, 2])
    func membersWhoLieByAFieldAreSkipped(chunkRows: Int, threads: Int) throws {
        let mixed = Shop(members: 30_000, seed: 5)
        let shop = Shop(members: 30_000, seed: 5, sortedBy: 3)
        for (family, isTogether) in KernelFamily.available.flatMap({ [($0, true), ($0, false)] }) {
            func runtime(_ shop: Shop) -> ColumnarRuntime {
                let runtime = ColumnarRuntime(
                    program: shop.program, moment: Moment(now: Shop.now, zone: .utc),
                    columns: ColumnCache(shop), chunkRows: chunkRows)
                (runtime.family, runtime.threads) = (family, threads)
                return runtime
            }
            func answers(_ runtime: ColumnarRuntime) throws -> [Selection] {
                if isTogether { return try runtime.select(Self.rules) }
                return try Self.rules.map { try runtime.select($0) }
            }
            let (sorted, unsorted) = (runtime(shop), runtime(mixed))
            let (found, expected) = (try answers(sorted), try answers(unsorted))
            let places = shop.places.map { Int32($0) }
            for (found, expected) in zip(found, expected) {
                #expect(found.isTrue == expected.isTrue.gathered(at: places[...]))
                #expect(found.isKnown == expected.isKnown.gathered(at: places[...]))
                #expect(found.failed.isEmpty)
            }
            #expect(sorted.rowsSkipped > 90_000 && unsorted.rowsSkipped == 0)
        }
    }
}
