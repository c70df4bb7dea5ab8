import PitchSchema

/// Single conditions over the rows of a chunk.
extension PlanRun {
    func evaluate(_ atom: Atom, _ rows: ChunkRows, into masks: TruthMasks) {
        switch atom.kind {
        case .range(let slot, let range, let isComplement):
            test(rows.inColumns, slot, range, isComplement: isComplement, into: masks)
        case .set(let slot, let holds, let possible):
            test(rows.inColumns, slot, holds, possible, into: masks)
        case .missing(let slot):
            if let known = rows.columns[slot].known {
                copy(known, rows.inColumns, into: masks.isTrue)
                masks.isTrue.complement(masks.isTrue, rows: rows.count)
            } else {
                masks.isTrue.fill(0, rows.words)
            }
        case .bits(let batch): copy(batch, rows, into: masks)
        case .events(let test): count(test.group, rows, only: test) { _ in masks.isTrue }
        case .general(let operation):
            let batch = operation.run(rows.generalFrame)
            copy(batch, ChunkRows(rows.columns, 0..<rows.count), into: masks)
        }
    }

    private func test(
        _ rows: ChunkRows, _ slot: Int, _ range: PackedIntegers.RawRange?, isComplement: Bool,
        into masks: TruthMasks
    ) {
        let column = rows.columns[slot]
        let words = masks.isTrue
        if let range {
            withRaw(column.values, rows) { raw in
                family.range(raw, column.values.width, rows: rows.count, range, into: words)
            }
        } else {
            words.fill(0, rows.words)
        }
        if isComplement { words.complement(words, rows: rows.count) }
        guard masks.isNullable else { return }
        masks.isPossible.copy(words, rows.words)
        forget(column.known, rows, masks)
    }

    private func test(
        _ rows: ChunkRows, _ slot: Int, _ holds: CodeSet, _ possible: CodeSet?,
        into masks: TruthMasks
    ) {
        let column = rows.columns[slot]
        let width = column.values.width
        withRaw(column.values, rows) { raw in
            family.set(raw, width, rows: rows.count, holds, into: masks.isTrue)
            guard masks.isNullable else { return }
            if let possible {
                family.set(raw, width, rows: rows.count, possible, into: masks.isPossible)
            } else {
                masks.isPossible.copy(masks.isTrue, rows.words)
            }
        }
        forget(column.known, rows, masks)
    }

    /// The raw numbers of a column for every row.
    private func withRaw(
        _ values: PackedIntegers, _ rows: ChunkRows, _ body: (UnsafeRawPointer) -> Void
    ) {
        guard let picks = rows.picks else {
            return body(values.bytes.start + rows.start * Int(values.width.rawValue))
        }
        let mark = scratch.mark
        let room = scratch.column()
        values.gatherRaw(at: picks, rows.count, into: room)
        body(room)
        scratch.release(to: mark)
    }

    /// Rows without a value are possible, but not true.
    private func forget(_ known: Bitmap?, _ rows: ChunkRows, _ masks: TruthMasks) {
        guard let known else { return }
        let mark = scratch.mark
        let mask = scratch.mask()
        copy(known, rows, into: mask)
        masks.isTrue.and(mask, rows.words)
        masks.isPossible.orNot(mask, rows.words)
        masks.isPossible.clearTail(rows.count)
        scratch.release(to: mark)
    }

    func copy(_ bitmap: Bitmap, _ rows: ChunkRows, into mask: MaskWords) {
        bitmap.words.withUnsafeBufferPointer { words in
            guard let words = words.baseAddress else { return }
            if let picks = rows.picks {
                mask.gather(words, at: picks, rows.count)
            } else {
                mask.copyBits(of: words, from: rows.start, rows.count)
            }
        }
    }

    private func copy(_ batch: TruthBatch, _ rows: ChunkRows, into masks: TruthMasks) {
        copy(batch.isTrue, rows, into: masks.isTrue)
        if masks.isNullable {
            masks.isPossible.copy(masks.isTrue, rows.words)
            forget(batch.known, rows, masks)
        }
        guard let failed = masks.failed else { return }
        if let batch = batch.failed {
            copy(batch, rows, into: failed)
        } else {
            failed.fill(0, rows.words)
        }
    }
}
