import PitchSchema

extension Atom {
    /// Whether zones say that it holds for all rows, or for none; nil: neither.
    func holdsByZones(_ rows: ChunkRows) -> Bool? {
        guard case .range(let slot, let range?, let isComplement) = kind,
            let zones = rows.columns[slot].zones
        else { return nil }
        let numbers = rows.columns[slot].values.numbers(range)
        return zones.areWithin(numbers, rows.start..<rows.start + rows.count)
            .map { $0 != isComplement }
    }
}

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
            test(column, range, rows, into: words)
        } else {
            words.fill(0, rows.words)
        }
        if isComplement { words.complement(words, rows: rows.count) }
        guard masks.isNullable else { return }
        masks.isPossible.copy(words, rows.words)
        forget(column.known, rows, masks)
    }

    /// Numbers that their zones say nothing of are looked at.
    private func test(
        _ column: PackedColumn, _ range: PackedIntegers.RawRange, _ rows: ChunkRows,
        into words: MaskWords
    ) {
        let values = column.values
        guard let zones = column.zones, rows.picks == nil, rows.start & 63 == 0 else {
            return withRaw(values, rows) { raw in
                family.range(raw, values.width, rows: rows.count, range, into: words)
            }
        }
        let numbers = values.numbers(range)
        let end = rows.start + rows.count
        var start = rows.start
        while start < end {
            let stretch = zones.stretch(from: start, to: end, within: numbers)
            let count = stretch.end - start
            let words = words + (start - rows.start) / 64
            if let isWithin = stretch.isWithin {
                words.fill(isWithin, rows: count)
                rowsSkipped += count
            } else {
                let raw = values.bytes.start + start * Int(values.width.rawValue)
                family.range(raw, values.width, rows: count, range, into: words)
            }
            start = stretch.end
        }
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
