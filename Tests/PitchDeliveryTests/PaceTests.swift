import Testing

@testable import PitchDelivery

/// Rates and the times of retries.
@Suite struct PaceTests {
    /// In no stretch as long as the unit more begin than the rate and its burst allow, and over
    /// many none less.
    @Test(arguments: [(50, 1000), (3, 1000), (30, 60_000), (1, 3_600_000), (100_000, 1000)])
    func rateIsKept(count: Int64, unit: Int64) {
        var pace = Pace(count: count, milliseconds: unit, usedTo: 0)
        let start: Int64 = 1_775_000_000_000
        var begun: [(at: Int64, count: Int)] = []
        var now = start
        while now < start + 20 * unit {
            let free = pace.available(at: now)
            if free > 0 {
                pace.take(free, at: now)
                begun.append((now, free))
            }
            #expect(pace.available(at: now) == 0)
            #expect(pace.next > now)
            now = max(now + 1, pace.next)
            #expect(pace.available(at: now) > 0)
        }
        let burst = max(1, count * 1000 / unit / 10)
        let total = begun.reduce(0) { $0 + $1.count }
        #expect(Int64(total) <= 20 * count + burst)
        #expect(Int64(total) >= 20 * count * 98 / 100)
    }

    @Test func whatIsKeptHoldsForTheNextProcess() {
        var pace = Pace(count: 1, milliseconds: 3_600_000, usedTo: 0)
        pace.take(1, at: 1_000_000)
        let next = Pace(count: 1, milliseconds: 3_600_000, usedTo: pace.usedTo)
        #expect(next.available(at: 1_000_000 + 3_599_999) == 0)
        #expect(next.available(at: 1_000_000 + 3_600_000) == 1)
    }

    @Test func givenBackIsFree() {
        var pace = Pace(count: 100, milliseconds: 1000, usedTo: 0)
        let free = pace.available(at: 5000)
        #expect(free == 10)
        pace.take(free, at: 5000)
        pace.giveBack(4)
        #expect(pace.available(at: 5000) == 4)
    }

    /// Anything from nothing to a ceiling that doubles, at most an hour; the same every time.
    @Test func waitsGrowAndRepeat() {
        for attempts in 1...40 {
            let ceiling = min(3_600_000, Int64(1000) << Int64(min(attempts - 1, 20)))
            let waits = (0..<500).map { RetrySchedule.wait(after: attempts, id: "m\($0)") }
            #expect(waits.allSatisfy { (1...ceiling).contains($0) })
            let mean = waits.reduce(0, +) / 500
            #expect(mean > ceiling * 2 / 5 && mean < ceiling * 3 / 5, "\(attempts): \(mean)")
            #expect(waits == (0..<500).map { RetrySchedule.wait(after: attempts, id: "m\($0)") })
        }
    }
}
