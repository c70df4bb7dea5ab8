import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// What the offers of strategies led to, and what those did who were held out. It is computed from
/// the ledger and the events whenever it is asked for, so late events count, and nothing counts
/// twice.
struct Conversions {
    let base: CustomerBase
    let ledger: Ledger

    /// An outcome is converted when an event of one of the success data sets, for which the
    /// filter is true, lies in its window and has come.
    func count(
        _ success: Success, of strategy: Int64
    ) throws -> StatusReport.SuccessState {
        let windows = try ledger.successWindows(of: strategy, base.program)
        let now = base.moment.now
        var state = StatusReport.SuccessState()
        // In portions, so that not all events of a large shop are in memory at once.
        for start in stride(from: 0, to: windows.count, by: 4096) {
            let portion = windows[start..<min(start + 4096, windows.count)]
            var isConverted = [Bool](repeating: false, count: portion.count)
            for source in success.sources {
                let events = try base.store.events(
                    in: portion, of: source.dataSet, limit: source.filter == nil ? 1 : nil,
                    now: now, zone: base.moment.zone, base.program)
                for (place, events) in events.enumerated() where !isConverted[place] {
                    isConverted[place] = try contains(source, events)
                }
            }
            for (window, isConverted) in zip(portion, isConverted) {
                state.add(window, isConverted: isConverted, now: now)
            }
        }
        return state
    }

    private func contains(_ source: Success.Source, _ events: [StoredEvent]) throws -> Bool {
        guard let first = events.first else { return false }
        guard let filter = source.filter else { return true }
        let member =
            filter.isShallow
            ? try base.shallowRecords(of: [first.member], for: filter)[0]
            : try base.records.record(of: first.member, for: filter)
        return events.contains { event in
            let row = EventRecord(row: event.row, values: event.values)
            do throws(EvaluationError) {
                return try base.evaluator.evaluate(filter, for: member, event: row) == .truth(true)
            } catch {
                // What cannot be computed is no success.
                return false
            }
        }
    }
}

extension StatusReport.SuccessState {
    fileprivate mutating func add(_ window: SuccessWindow, isConverted: Bool, now: Int64) {
        var group = window.isHeldOut ? heldOut : issued
        group.members += 1
        if now < window.until { group.inWindow += 1 }
        if isConverted { group.converted += 1 }
        if window.isHeldOut { heldOut = group } else { issued = group }
    }
}
