/// Cycle after cycle: one at once, then one at every slot, until it is interrupted or no slot is
/// left. A cycle that takes longer than its slot never delays the others' beginning: the slots that
/// begin meanwhile are skipped.
package struct Watch<Clock: WatchClock> {
    package enum Outcome: Sendable {
        case done
        /// No plan was valid.
        case idle
        case failed
        /// Another run held the store.
        case busy
    }

    /// How it went.
    package struct Tally: Sendable, Equatable {
        /// Cycles of each outcome.
        package var done = 0
        package var idle = 0
        package var failed = 0
        package var busy = 0
        /// Slots that began while a cycle was at work.
        package var skipped = 0
        package var isInterrupted = false

        fileprivate mutating func add(_ outcome: Outcome) {
            switch outcome {
            case .done: done += 1
            case .idle: idle += 1
            case .failed: failed += 1
            case .busy: busy += 1
            }
        }
    }

    private let clock: Clock
    private let slots: () throws -> (Int64) -> Int64?
    private let cycle: (Int64) throws -> Outcome

    /// - Parameters:
    ///   - slots: asked after each cycle; it gives of an instant the beginning of the first slot
    ///     after it, nil when there is none.
    ///   - cycle: one cycle that begins at an instant.
    package init(
        clock: Clock, slots: @escaping () throws -> (Int64) -> Int64?,
        cycle: @escaping (Int64) throws -> Outcome
    ) {
        self.clock = clock
        self.slots = slots
        self.cycle = cycle
    }

    /// - Throws: what `slots` and `cycle` throw, which ends it.
    package func run() throws -> Tally {
        var tally = Tally()
        var slot = clock.now()
        while true {
            guard clock.sleep(until: slot) else {
                tally.isInterrupted = true
                return tally
            }
            let start = clock.now()
            tally.add(try cycle(start))
            guard let next = try nextSlot(after: start, &tally) else { return tally }
            slot = next
        }
    }

    /// The first slot that has not begun, counting those that have.
    private func nextSlot(after start: Int64, _ tally: inout Tally) throws -> Int64? {
        let end = clock.now()
        let following = try slots()
        var next = following(start)
        while let begun = next, begun < end {
            tally.skipped += 1
            next = following(begun)
        }
        return next
    }
}

/// The clock that cycles wait for; a test's need not be the wall's.
package protocol WatchClock {
    /// Milliseconds since 1970.
    func now() -> Int64
    /// Waits until an instant.
    /// - Returns: false when it was interrupted, at whatever instant.
    func sleep(until instant: Int64) -> Bool
}
