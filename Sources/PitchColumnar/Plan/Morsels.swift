import Dispatch
import Synchronization

/// Chunks of members that threads take one after another and whose answers lie apart: the result
/// does not depend on who took which.
// Unchecked: a plan does not change while it runs, every thread has its own run, and chunks are
// written to words of their own.
struct Morsels: @unchecked Sendable {
    private let plan: Plan
    private let masks: [TruthMasks]
    private let count: Int
    private let chunkRows: Int
    /// One a thread.
    private let runs: [PlanRun]
    private let isCancelled: () -> Bool

    /// - Parameters:
    ///   - masks: of every rule, for all rows.
    ///   - count: of rows.
    ///   - isCancelled: asked before every chunk, in one thread.
    init(
        _ plan: Plan, _ runs: [PlanRun], _ masks: [TruthMasks], count: Int,
        isCancelled: @escaping () -> Bool
    ) {
        self.isCancelled = isCancelled
        self.plan = plan
        self.runs = runs
        self.masks = masks
        self.count = count
        chunkRows = runs[0].scratch.rows
    }

    /// Evaluates every rule for all rows.
    /// - Throws: `Cancelled`.
    func evaluate() throws {
        let chunks = (count + chunkRows - 1) / chunkRows
        guard runs.count > 1, chunks > 1 else {
            for chunk in 0..<chunks {
                if isCancelled() { throw Cancelled() }
                evaluate(chunk, runs[0])
            }
            return
        }
        let next = Atomic<Int>(0)
        let hasStopped = Atomic<Bool>(false)
        DispatchQueue.concurrentPerform(iterations: runs.count) { thread in
            while !hasStopped.load(ordering: .relaxed) {
                if thread == 0, isCancelled() {
                    return hasStopped.store(true, ordering: .relaxed)
                }
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if chunk >= chunks { return }
                evaluate(chunk, runs[thread])
            }
        }
        if hasStopped.load(ordering: .relaxed) { throw Cancelled() }
    }

    private func evaluate(_ chunk: Int, _ run: PlanRun) {
        let start = chunk * chunkRows
        let rows = ChunkRows(plan.atoms.columns, start..<min(count, start + chunkRows))
        run.evaluateRules(rows, into: masks, at: start / 64)
    }
}

extension PlanRun {
    /// Every rule for some members.
    /// - Parameters:
    ///   - frame: the same members.
    ///   - masks: of every rule, for these members.
    func evaluate(_ members: ArraySlice<Int32>, in frame: Frame, into masks: [TruthMasks]) {
        members.withUnsafeBufferPointer { members in
            guard let picks = members.baseAddress else { return }
            gathered.gather(plan.atoms.columns, at: members)
            var rows = ChunkRows(gathered.columns, picks: picks, count: members.count)
            rows.isGathered = true
            rows.frame = frame
            evaluateRules(rows, into: masks)
        }
    }

    /// For how many rows a node is true, and for how many false.
    func populations(_ node: PlanNode, _ rows: ChunkRows) -> (isTrue: Int, isFalse: Int) {
        let mark = scratch.mark
        defer { scratch.release(to: mark) }
        let masks = scratch.masks(isNullable: node.isNullable, canFail: node.canFail)
        evaluate(node, rows, into: masks)
        return (
            family.population(masks.isTrue, rows.words),
            rows.count - family.population(masks.isPossible, rows.words)
        )
    }
}
