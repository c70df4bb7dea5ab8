/// A token bucket as one number, which fits into the store: the generic cell rate algorithm (ITU-T
/// I.371). Every hand-over uses up one interval of time; at most a burst may lie ahead of now.
struct Pace {
    /// Microseconds between two hand-overs, rounded up.
    private let interval: Int64
    /// Hand-overs that may follow each other at once: a tenth of a second's, so that no window of a
    /// second holds more than a tenth above the rate.
    private let burst: Int64
    /// The instant, in microseconds since 1970, to which the rate is used up.
    private(set) var usedTo: Int64 = 0

    /// - Parameters:
    ///   - count: hand-overs in so many milliseconds, from 1.
    ///   - usedTo: as it was kept.
    init(count: Int64, milliseconds: Int64, usedTo: Int64) {
        interval = max(1, (milliseconds * 1000 + count - 1) / count)
        burst = max(1, count * 1000 / milliseconds / 10)
        self.usedTo = usedTo
    }

    /// How many hand-overs may begin at an instant (milliseconds).
    func available(at now: Int64) -> Int {
        let free = now * 1000 + burst * interval - max(usedTo, now * 1000)
        return Int(max(0, free / interval))
    }

    mutating func take(_ count: Int, at now: Int64) {
        usedTo = max(usedTo, now * 1000) + Int64(count) * interval
    }

    /// Gives back what was taken and not used.
    mutating func giveBack(_ count: Int) { usedTo -= Int64(count) * interval }

    /// The first instant (milliseconds) at which one may begin.
    var next: Int64 { (usedTo - (burst - 1) * interval + 999) / 1000 }
}
