/// `and` and `or` over the rows of a chunk.
extension PlanRun {
    /// Below this share of undecided rows they are picked: 1/32 measured best over 10 M rows.
    static let sparseShare = 32

    func evaluate(
        _ junction: PlanJunction, _ rows: ChunkRows, into masks: TruthMasks, from first: Int = 0
    ) {
        if first == 0, rows.picks == nil, let isTrue = decided(junction, rows) {
            rowsSkipped += rows.count
            return fill(masks, isTrue: isTrue, isPossible: isTrue, rows)
        }
        let operands = junction.operands
        // What the operands so far say: the first one's answer as it is, then the masks.
        var result = MaskView(masks: masks)
        if first + 1 < operands.count, let shared = shared(operands[first].node, rows) {
            result = shared
        } else {
            start(operands[first].node, rows, into: masks)
        }
        if first + 1 >= operands.count { return }
        var open = openRows(junction, result, rows)
        for next in (first + 1)..<operands.count where open > 0 {
            let node = operands[next].node
            if isSparse(open, node, rows) {
                copy(result, into: masks, rows)
                return evaluateOpen(junction, rows, into: masks, from: next)
            }
            let mark = scratch.mark
            open = join(junction, result, view(node, rows), into: masks, rows)
            result = MaskView(masks: masks)
            scratch.release(to: mark)
        }
        copy(result, into: masks, rows)
    }

    /// What the zones of one operand's column make of the whole for all rows; nil: nothing.
    private func decided(_ junction: PlanJunction, _ rows: ChunkRows) -> Bool? {
        for (atom, isNegated) in junction.ranges {
            guard let holds = holdsByZones(atom, rows) else { continue }
            let isTrue = holds != isNegated
            if isTrue != junction.isAnd { return isTrue }
        }
        return nil
    }

    /// The first operand, widened to what the whole needs.
    private func start(_ node: PlanNode, _ rows: ChunkRows, into masks: TruthMasks) {
        let own = TruthMasks(
            isTrue: masks.isTrue, isPossible: node.isNullable ? masks.isPossible : masks.isTrue,
            failed: node.canFail ? masks.failed : nil)
        evaluate(node, rows, into: own)
        if masks.isNullable, !node.isNullable { masks.isPossible.copy(masks.isTrue, rows.words) }
        if !node.canFail { masks.failed?.fill(0, rows.words) }
    }

    /// How many rows the operands so far have not decided.
    private func openRows(_ junction: PlanJunction, _ view: MaskView, _ rows: ChunkRows) -> Int {
        // Of a negation the possible rows are those that are not true.
        junction.isAnd != view.isNegated
            ? family.population(view.masks.isPossible, rows.words)
            : rows.count - family.population(view.masks.isTrue, rows.words)
    }

    /// Whether picking the open rows costs less than going on with all. Many rules share what they
    /// compute of all rows, except what no other rule may name.
    private func isSparse(_ open: Int, _ node: PlanNode, _ rows: ChunkRows) -> Bool {
        rows.picks == nil && rows.isWhole && open * Self.sparseShare < rows.count
            && (plan.rules.count == 1 || node.isGeneral)
    }

    /// - Returns: how many rows are open.
    private func join(
        _ junction: PlanJunction, _ left: MaskView, _ right: MaskView, into masks: TruthMasks,
        _ rows: ChunkRows
    ) -> Int {
        let isAnd = junction.isAnd
        let count = rows.count
        // The possible rows first: they may lie where the true ones of an operand do.
        var possible = 0
        if masks.isNullable {
            possible = family.join(
                left.possible, right.possible, isAnd: isAnd, rows: count, into: masks.isPossible)
        }
        let surely = family.join(
            left.surely, right.surely, isAnd: isAnd, rows: count, into: masks.isTrue)
        if !masks.isNullable { possible = surely }
        if let failed = masks.failed {
            if let more = left.masks.failed {
                failed.copy(more, rows.words)
            } else {
                failed.fill(0, rows.words)
            }
            if let more = right.masks.failed { failed.or(more, rows.words) }
            settle(junction, masks, rows)
        }
        return isAnd ? possible : count - surely
    }

    /// A decided row has not failed.
    private func settle(_ junction: PlanJunction, _ masks: TruthMasks, _ rows: ChunkRows) {
        guard let failed = masks.failed else { return }
        if junction.isAnd {
            failed.and(masks.isPossible, rows.words)
        } else {
            failed.andNot(masks.isTrue, rows.words)
        }
    }

    /// Goes on with the rows that are open alone.
    private func evaluateOpen(
        _ junction: PlanJunction, _ rows: ChunkRows, into masks: TruthMasks, from next: Int
    ) {
        let mark = scratch.mark
        defer { scratch.release(to: mark) }
        var open = masks.isPossible
        if !junction.isAnd {
            open = scratch.mask()
            open.complement(masks.isTrue, rows: rows.count)
        }
        let picks = scratch.list()
        let count = open.rows(rows.words, from: rows.start, into: picks)
        var picked = ChunkRows(rows.columns, picks: picks, count: count)
        picked.isWhole = false
        let rest = scratch.masks(isNullable: masks.isNullable, canFail: masks.failed != nil)
        evaluate(junction, picked, into: rest, from: next)
        for index in 0..<count {
            let row = Int(picks[index]) - rows.start
            scatter(junction, rest, index, into: masks, row)
        }
        settle(junction, masks, rows)
    }

    @inline(__always)
    private func scatter(
        _ junction: PlanJunction, _ rest: TruthMasks, _ index: Int, into masks: TruthMasks,
        _ row: Int
    ) {
        let (word, bit) = (row &>> 6, 1 as UInt64 &<< UInt64(row & 63))
        func isSet(_ mask: MaskWords) -> Bool {
            mask[index &>> 6] &>> UInt64(index & 63) & 1 != 0
        }
        if junction.isAnd {
            if !isSet(rest.isTrue) { masks.isTrue[word] &= ~bit }
            if masks.isNullable, !isSet(rest.isPossible) { masks.isPossible[word] &= ~bit }
        } else {
            if isSet(rest.isTrue) { masks.isTrue[word] |= bit }
            if masks.isNullable, isSet(rest.isPossible) { masks.isPossible[word] |= bit }
        }
        if let failed = masks.failed, let more = rest.failed, isSet(more) { failed[word] |= bit }
    }
}
