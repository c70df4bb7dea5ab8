import PitchProgram
import PitchSchema

/// How many events.
struct CountEvents: Operator {
    let events: EventSelection
    var cost: Double { events.cost + 2 }
    var kernel: String { "a count of events" }

    func run(_ frame: Frame) -> NumberBatch {
        let chosen = events.select(from: frame)
        let counts = segmentCounts(chosen.selected, chosen.segments)
        return chosen.finish(NumberBatch(counts, known: nil))
    }
}

/// Totals, means, and numbers of different values.
struct FoldEvents: Operator {
    enum Fold {
        case sum
        /// The factor brings whole numbers to millionths.
        case mean(factor: Int64)
        case distinct
    }

    let fold: Fold
    let events: EventSelection
    let argument: any Operator<NumberBatch>
    var cost: Double { events.cost + 5 * (argument.cost + 2) }
    var kernel: String { "a total of events" }

    func run(_ frame: Frame) -> NumberBatch {
        var chosen = events.select(from: frame)
        chosen.compact()
        let argument = argument.run(chosen.frame)
        chosen.fail(where: argument.failed)
        let mask = intersection(chosen.selected, argument.known) ?? chosen.selected
        switch fold {
        case .sum:
            let (totals, spoiled) = segmentSums(argument.values, mask, chosen.segments)
            var batch = NumberBatch(totals, known: nil)
            batch.fail(where: spoiled)
            return chosen.finish(batch)
        case .mean(let factor):
            let means = segmentMeans(argument.values, mask, chosen.segments, scaledBy: factor)
            var batch = NumberBatch(means.values, known: nil)
            batch.forget(where: means.undefined)
            batch.fail(where: means.spoiled)
            return chosen.finish(batch)
        case .distinct:
            let counts = segmentDistinct(argument.values, mask, chosen.segments)
            return chosen.finish(NumberBatch(counts, known: nil))
        }
    }
}

/// The least or greatest argument. `keys` order the arguments; texts go by their place in the order
/// of their pool.
struct ExtremeEvent<Output: Batch>: Operator {
    let isMax: Bool
    let events: EventSelection
    let argument: any Operator<Output>
    let keys: (Output) -> NumberBatch
    var cost: Double { events.cost + 5 * (argument.cost + 2) }
    var kernel: String { isMax ? "the greatest of events" : "the least of events" }

    func run(_ frame: Frame) -> Output {
        var chosen = events.select(from: frame)
        chosen.compact()
        let argument = argument.run(chosen.frame)
        chosen.fail(where: argument.failed)
        let mask = intersection(chosen.selected, argument.known) ?? chosen.selected
        let picks = segmentExtremes(
            keys(argument).values, mask, chosen.segments, isMax: isMax)
        return chosen.finish(spread(argument, picks))
    }
}

/// The argument of one event, even if missing.
struct PickEvent<Output: Batch>: Operator {
    let pick: SegmentPick
    let events: EventSelection
    let argument: any Operator<Output>
    var cost: Double { events.cost + 5 + argument.cost }
    var kernel: String { "one event" }

    func run(_ frame: Frame) -> Output {
        let chosen = events.select(from: frame)
        let picks = segmentPicks(chosen.selected, chosen.segments, pick)
        let found = picks.filter { $0 >= 0 }
        var next: Int32 = 0
        let places = picks.map { pick in
            if pick < 0 { return Int32(-1) }
            next += 1
            return next - 1
        }
        let batch = argument.run(chosen.frame.picked(found))
        return chosen.finish(spread(batch, places))
    }
}

/// Consecutive calendar units with an event.
struct Streak: Operator {
    let unit: CalendarUnit
    let events: EventSelection
    /// The local day of every event.
    let days: any Operator<NumberBatch>
    let moment: Moment
    var cost: Double { events.cost + 50 }
    var kernel: String { "a streak of events" }

    func run(_ frame: Frame) -> NumberBatch {
        var chosen = events.select(from: frame)
        chosen.compact()
        let weekStart = moment.weekStart
        let units = days.run(chosen.frame).values.map {
            unitNumber(unit, day: $0, weekStart: weekStart)
        }
        let current = unitNumber(unit, day: Int64(moment.today), weekStart: weekStart)
        let lengths = segmentStreaks(units, chosen.selected, chosen.segments, current: current)
        return chosen.finish(NumberBatch(lengths, known: nil))
    }
}

/// Counts calendar units from a fixed one, so that neighbours differ by 1.
func unitNumber(_ unit: CalendarUnit, day: Int64, weekStart: Int) -> Int64 {
    switch unit {
    case .day: return day
    case .week:
        // 1970-01-01 was a Thursday, weekday 4.
        return floorDivide(day + 4 - Int64(weekStart), 7)
    case .month, .quarter, .year:
        let date = CivilDate(days: Int(day))
        if unit == .year { return Int64(date.year) }
        return unit == .month
            ? Int64(date.year * 12 + date.month - 1) : Int64(date.year * 4 + (date.month - 1) / 3)
    }
}

/// Row i of the result is row `places[i]` of a batch; missing where that is negative.
private func spread<B: Batch>(_ batch: B, _ places: [Int32]) -> B {
    if batch.count == 0 { return B(unknown: places.count) }
    var result = batch.gathered(at: places.map { max(0, $0) }[...])
    var absent = Bitmap(count: places.count)
    for (row, place) in places.enumerated() where place < 0 { absent[row] = true }
    if !absent.isEmpty { result.forget(where: absent) }
    return result
}
