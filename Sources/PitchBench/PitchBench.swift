import Foundation

/// Prints how fast the main paths are. `PitchBench [members] [folder]`: the folder, which a run
/// fills and leaves, is a new one below the system's temporary folder if left out.
@main
struct PitchBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let members = arguments.first.flatMap { Int($0) } ?? 1_000_000
        let folder =
            arguments.dropFirst().first
            ?? FileManager.default.temporaryDirectory.path + "/pitch-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try LoadBench(folder: folder, members: members).run()
    }

    /// Runs a piece of work and prints its wall and CPU seconds, and how many items it did a
    /// second.
    static func measure<Result>(
        _ name: String, items: Int, _ body: () throws -> Result
    ) rethrows -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        let cpuStart = cpuSeconds
        let result = try body()
        let wall = (clock.now - start) / .seconds(1)
        let rate = Int(Double(items) / wall)
        let cpu = cpuSeconds - cpuStart
        print(
            "\(name): \(items) in \(format(wall)) s (\(format(cpu)) CPU-s), \(rate)/s, "
                + "peak memory \(peakMegabytes) MB")
        return result
    }

    private static func format(_ seconds: Double) -> String {
        String(format: "%.2f", seconds)
    }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }

    private static var cpuSeconds: Double {
        let usage = usage
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static var peakMegabytes: Int { usage.ru_maxrss / 1024 }
}
