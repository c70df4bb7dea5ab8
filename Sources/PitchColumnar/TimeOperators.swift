import PitchProgram
import PitchSchema

/// A function of dates and instants that cannot fail.
struct MapTime: Operator {
    enum Step {
        /// instant → its local day
        case localDay
        /// date → its first instant
        case firstInstant
        /// date → its last millisecond
        case lastInstant
        case shiftDay(Period, times: Int)
        case shiftInstant(Period, times: Int)
        /// date → completed years to a day
        case age(today: Int32)
        case year, month, day, weekday
        /// instant → its local hour
        case hour
        /// instant → local milliseconds since midnight
        case timeOfDay
    }

    let step: Step
    let operand: any Operator<NumberBatch>
    let zone: ZoneRules
    var cost: Double { operand.cost + 6 }
    var kernel: String { "the calendar" }

    func run(_ frame: Frame) -> NumberBatch {
        let batch = operand.run(frame)
        return NumberBatch(
            apply(batch.values), known: batch.known, failed: batch.failed)
    }

    private func apply(_ values: ArraySlice<Int64>) -> [Int64] {
        switch step {
        case .localDay: localDays(values, in: zone)
        case .firstInstant: mapRows(values) { zone.instant(day: Int32(clamping: $0)) }
        case .lastInstant: mapRows(values) { lastInstant(of: $0, in: zone) }
        case .shiftDay(let period, let times):
            mapRows(values) { Int64(period.shift(day: Int32(clamping: $0), times: times)) }
        case .shiftInstant(let period, let times):
            mapRows(values) { period.shift(instant: $0, times: times, in: zone) }
        case .age(let today):
            mapRows(values) { Int64(completedYears(from: Int32(clamping: $0), to: today)) }
        case .year: mapRows(values) { Int64(CivilDate(days: Int($0)).year) }
        case .month: mapRows(values) { Int64(CivilDate(days: Int($0)).month) }
        case .day: mapRows(values) { Int64(CivilDate(days: Int($0)).day) }
        case .weekday: mapRows(values) { Int64(CivilDate(days: Int($0)).weekday) }
        case .hour: mapRows(values) { zone.time(of: $0) / 3_600_000 }
        case .timeOfDay: mapRows(values) { zone.time(of: $0) }
        }
    }
}

/// The last millisecond of a local day.
func lastInstant(of day: Int64, in zone: ZoneRules) -> Int64 {
    zone.instant(day: Int32(clamping: day + 1)) - 1
}

/// Completed years between two days; 29 February counts on 28 February in common years.
func completedYears(from birth: Int32, to today: Int32) -> Int {
    let born = CivilDate(days: Int(birth))
    let now = CivilDate(days: Int(today))
    let day = min(born.day, CivilDate.days(inMonth: born.month, of: now.year))
    return now.year - born.year - ((now.month, now.day) < (born.month, day) ? 1 : 0)
}

/// The function is inlined: one loop a step.
@inline(__always)
private func mapRows(_ values: ArraySlice<Int64>, _ operation: (Int64) -> Int64) -> [Int64] {
    let count = values.count
    return [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
        values.withUnsafeBufferPointer { values in
            for row in 0..<count { buffer[row] = operation(values[row]) }
        }
        initialized = count
    }
}

/// The local day of every instant. Neighbours mostly share an offset, so its stretch is kept.
func localDays(_ values: ArraySlice<Int64>, in zone: ZoneRules) -> [Int64] {
    var stretch = OffsetStretch()
    return mapRows(values) { instant in
        if instant < stretch.start || instant >= stretch.end {
            stretch = OffsetStretch(of: zone, at: instant)
        }
        let local = instant &+ stretch.offset
        let day = local / millisecondsPerDay
        let isBefore = local % millisecondsPerDay < 0
        return Int64(Int32(clamping: day - (isBefore ? 1 : 0)))
    }
}

/// A stretch of time with one offset; empty at first.
private struct OffsetStretch {
    var start: Int64 = .max
    var end: Int64 = .min
    var offset: Int64 = 0

    init() {}

    init(of zone: ZoneRules, at instant: Int64) {
        let next = zone.starts.firstIndex { $0 > instant } ?? zone.starts.count
        start = zone.starts[next - 1]
        end = next < zone.starts.count ? zone.starts[next] : .max
        offset = zone.offsets[next - 1]
    }
}
