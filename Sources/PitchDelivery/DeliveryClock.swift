import Glibc

/// The time of a drain: begins at the run's instant and goes on as the machine's does, so that a
/// replay of the past has its own retries.
package struct DeliveryClock: Sendable {
    private let start: Int64
    private let wallStart: Int64
    private let monotonicStart: Int64

    /// - Parameters:
    ///   - start: the run's instant; `wall`: the machine's; both in milliseconds since 1970.
    package init(start: Int64, wall: Int64) {
        self.start = start
        wallStart = wall
        monotonicStart = Self.monotonic()
    }

    /// Milliseconds since 1970, in the run's time.
    package var now: Int64 { start + Self.monotonic() - monotonicStart }

    /// Seconds since 1970, by the machine's clock: what a receiver compares its own with.
    package var wallSeconds: Int64 { (wallStart + Self.monotonic() - monotonicStart) / 1000 }

    package func sleep(milliseconds: Int64) {
        var rest = timespec(
            tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        nanosleep(&rest, nil)
    }

    private static func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
