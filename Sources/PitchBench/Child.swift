import Foundation

/// What one child process used.
struct Usage {
    /// User and system time of the process.
    let cpuSeconds: Double
    let wallSeconds: Double
    /// The most resident memory that it held.
    let peakMegabytes: Double
    let status: Int32
    let output: String
}

enum BenchError: Error, CustomStringConvertible {
    case failed(command: String, status: Int32, output: String)
    case cannotStart(command: String, reason: String)
    /// Something generated or answered is not as it must be.
    case wrong(String)
    /// Two engines answer differently.
    case differs(query: String, predicate: Int, member: Int)
    /// The same cycle has other outcomes.
    case differingCycles([String])
    case tooSlow([String])

    var description: String {
        switch self {
        case .failed(let command, let status, let output):
            "'\(command)' ended with \(status): \(output.prefix(2000))"
        case .cannotStart(let command, let reason): "cannot start '\(command)': \(reason)"
        case .wrong(let what): what
        case .differs(let query, let predicate, let member):
            "\(query): predicate \(predicate) differs from the evaluator at member \(member)"
        case .differingCycles(let cycles):
            "the same cycle comes to different ends: \(cycles.joined(separator: "; "))"
        case .tooSlow(let faults): faults.joined(separator: "\n")
        }
    }
}

/// Runs a command to its end, with its standard output in a file, and measures it with `wait4`.
/// - Parameter accepts: the exit codes that count as success.
func measure(_ command: [String], in folder: String, accepts: Set<Int32> = [0]) throws -> Usage {
    let log = folder + "/.bench-output"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // `env -C` changes the folder of the child alone.
    var arguments = (["env", "-C", folder] + command).map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child: pid_t = 0
    let start = DispatchTime.now().uptimeNanoseconds
    let failure = posix_spawnp(&child, "env", &actions, nil, &arguments, environ)
    guard failure == 0 else {
        throw BenchError.cannotStart(
            command: command[0], reason: String(cString: strerror(failure)))
    }
    var status: Int32 = 0
    var used = rusage()
    while wait4(child, &status, 0, &used) < 0, errno == EINTR {}
    let wall = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
    let output = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    guard accepts.contains(code) else {
        throw BenchError.failed(
            command: command.joined(separator: " "), status: code, output: output)
    }
    return Usage(
        cpuSeconds: seconds(used.ru_utime) + seconds(used.ru_stime), wallSeconds: wall,
        peakMegabytes: Double(used.ru_maxrss) / 1024, status: code, output: output)
}

private func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
}

/// CPU seconds of this process so far, of all its threads.
func processSeconds() -> Double {
    var used = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
}

/// Median, least and greatest of several measurements.
struct Spread: CustomStringConvertible {
    let median: Double
    let least: Double
    let greatest: Double

    /// - Precondition: at least one value.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "a spread needs a value")
        let sorted = values.sorted()
        median = sorted[sorted.count / 2]
        least = sorted[0]
        greatest = sorted[sorted.count - 1]
    }

    var description: String { String(format: "%.3f (%.3f…%.3f)", median, least, greatest) }
}
