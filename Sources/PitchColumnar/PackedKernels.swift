/// Tests of packed numbers, without widening them.
extension PackedIntegers {
    /// Rows within a range, as bit words.
    func mask(_ rows: Rows, _ test: RangeTest) -> Bitmap {
        guard let range = raw(test) else {
            return Bitmap(count: rows.count, filledWith: test.isComplement)
        }
        let result = mask(rows) { raw, words in
            KernelFamily.best.range(raw, width, rows: rows.count, range, into: words)
        }
        return test.isComplement ? result.complement : result
    }

    /// Rows whose number is a code of a set.
    /// - Precondition: numbers are codes, and the set has a byte for each.
    func mask(_ rows: Rows, in set: CodeSet) -> Bitmap {
        mask(rows) { raw, words in
            KernelFamily.best.set(raw, width, rows: rows.count, set, into: words)
        }
    }

    private func mask(_ rows: Rows, _ fill: (UnsafeRawPointer, MaskWords) -> Void) -> Bitmap {
        var result = Bitmap(count: rows.count)
        result.withWords { words in
            words.withUnsafeMutableBufferPointer { words in
                guard let words = words.baseAddress else { return }
                switch rows {
                case .range(let range):
                    precondition(
                        range.lowerBound >= 0 && range.upperBound <= count, "rows of the column")
                    fill(bytes.start + range.lowerBound * Int(width.rawValue), words)
                case .list(let list):
                    let gathered = reordered(list)
                    fill(gathered.bytes.start, words)
                }
            }
        }
        return result
    }

    /// A range of raw numbers: `low` and how many follow it.
    struct RawRange: Hashable {
        let low: UInt64
        let span: UInt64
    }

    /// The raw numbers within a range; nil when none can be.
    func raw(_ test: RangeTest) -> RawRange? {
        RawRange(test, width: width, base: base, scale: scale)
    }
}

extension PackedIntegers.RawRange {
    /// Of numbers `base + scale · raw`; nil when none can be. Of 8 bytes, raw numbers are the bits
    /// of signed ones.
    init?(_ test: RangeTest, width: PackedIntegers.Width, base: Int64, scale: Int64) {
        guard test.lower <= test.upper else { return nil }
        guard width != .eight else {
            self.init(
                low: UInt64(bitPattern: test.lower),
                span: UInt64(bitPattern: test.upper &- test.lower))
            return
        }
        let greatest = Int128(1) << (8 * Int128(width.rawValue)) - 1
        let scale = Int128(scale)
        let lower = Int128(test.lower) - Int128(base) + scale - 1
        let upper = Int128(test.upper) - Int128(base)
        guard upper >= 0 else { return nil }
        let low = lower <= 0 ? 0 : lower / scale
        let high = min(upper / scale, greatest)
        guard low <= high else { return nil }
        self.init(low: UInt64(low), span: UInt64(high - low))
    }
}
