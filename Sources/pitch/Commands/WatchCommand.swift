import ArgumentParser
import Foundation
import PitchEngine

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Run cycle after cycle, each when a strategy is due, until interrupted.",
        discussion: """
            The first cycle begins at once, the others at the slots of the strategies' 'every' and \
            when days become due. The script is read again for each, as it would be from cron. \
            Slots that begin while a cycle is at work are skipped; when another run holds the \
            store, the next slot is waited for. Ctrl-C, or a signal to terminate, ends it after \
            the cycle at work; a second one ends it at once, and the store stays consistent. It \
            goes by the clock and takes no '--as-of'.
            """)

    @Argument(help: "The script.") var file: String
    @OptionGroup var options: CommandOptions

    func run() throws {
        guard options.asOf == nil else {
            throw CommandFailure(.usage, "watch goes by the clock and takes no '--as-of'")
        }
        EndSignal.listen()
        let tally = try Watching(file, options).run()
        try options.console.say(tally.text)
        // No plan is valid, and none will be.
        if !tally.isInterrupted, tally.done + tally.failed + tally.busy == 0 {
            throw CommandFailure(.nothingToRun, "no plan is valid, today or later")
        }
    }
}

/// The cycles of one command. The script may change between them; while it has errors, the slots
/// stay as they were.
private final class Watching {
    private let file: String
    private let options: CommandOptions
    private var lastSlots: (Int64) -> Int64?
    /// Why no valid plan could run, as it was last told.
    private var lastRefusal: String?

    /// - Throws: when the script has errors now.
    init(_ file: String, _ options: CommandOptions) throws {
        self.file = file
        self.options = options
        let session = try Session(file, options)
        lastSlots = try session.attempt { () throws(WorkspaceError) in
            try session.workspace.slots()
        }
    }

    func run() throws -> Watch<WallClock>.Tally {
        let watch = Watch(clock: WallClock(), slots: slots, cycle: cycle)
        return try watch.run()
    }

    /// That no plan is valid is no trouble; that one waits for an approval is for somebody to mend.
    private func tell(_ refusal: String, of session: Session) {
        guard refusal != lastRefusal, session.workspace.isAnyPlanValid([]) else { return }
        lastRefusal = refusal
        options.console.warn(refusal)
    }

    private func slots() -> (Int64) -> Int64? {
        // What is wrong was told by the cycle.
        let workspace = try? Workspace(script: file, store: options.store, clock: clockNow())
        if let slots = try? workspace?.slots() { lastSlots = slots }
        return lastSlots
    }

    private func cycle(at instant: Int64) throws -> Watch<WallClock>.Outcome {
        do {
            let session = try Session(file, options, clock: instant)
            do {
                _ = try session.cycle()
                lastRefusal = nil
            } catch let failure as CommandFailure where failure.status == .nothingToRun {
                tell(failure.message, of: session)
                return .idle
            }
            return .done
        } catch let failure as CommandFailure {
            switch failure.status {
            // What earlier runs queued was not all handed over, which is told already.
            case .partly: return .idle
            case .bug: throw failure
            case .busy:
                options.console.warn(failure.message + "; waiting for the next slot")
                return .busy
            default:
                options.console.fault(failure.message)
                return .failed
            }
        }
    }
}

extension Watch.Tally {
    /// `watched 48 cycles; skipped 2 slots`
    fileprivate var text: String {
        let cycles = done + failed
        var parts = ["watched \(plural(cycles, "cycle"))"]
        if failed > 0 { parts.append("\(failed) failed") }
        if busy > 0 { parts.append("waited \(plural(busy, "time")) for another run") }
        if skipped > 0 { parts.append("skipped \(plural(skipped, "slot"))") }
        return parts.joined(separator: "; ")
    }
}

/// The clock on the wall. A signal to end ends a wait.
private struct WallClock: WatchClock {
    func now() -> Int64 { clockNow() }

    func sleep(until instant: Int64) -> Bool {
        while !EndSignal.isPending {
            let rest = instant - clockNow()
            if rest <= 0 { return true }
            // Half a second at a time: the clock may be set, and a signal may reach another thread.
            poll(nil, 0, Int32(min(rest, 500)))
        }
        return false
    }
}
