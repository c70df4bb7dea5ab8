/// The choices that are best at some multipliers, from one streaming pass over all members.
struct RowPass: Sendable {
    /// The sum of the best priced values and of multiplier times limit: no feasible choice has a
    /// greater value, whatever the multipliers are (Lagrange; Everett 1963).
    private(set) var dual: Double
    /// The totals of the best choices, by cell.
    private(set) var totals: [CellTotals]

    private struct Part: Sendable {
        var sum = 0.0
        var totals: [CellTotals]
    }

    init(
        _ rows: RowSet, _ columns: OfferColumns, at multipliers: [Double], valueWeight: Double,
        threads: Int, into choices: inout [Int16]
    ) {
        let prices = rows.prices(multipliers, valueWeight: valueWeight)
        let parts = choices.withUnsafeMutableBufferPointer { choices -> [Part] in
            guard let base = choices.baseAddress else { return [] }
            let slots = Slots(base: base)
            return Chunks(members: columns.members, threads: threads).map { chunk in
                Self.scan(rows, columns, prices, chunk, into: slots)
            }
        }
        dual = zip(multipliers, rows.rows).reduce(0) { $0 + $1.0 * $1.1.limit }
        totals = Array(repeating: CellTotals(), count: rows.cells)
        for part in parts {
            dual += part.sum
            Self.add(part.totals, to: &totals)
        }
    }

    private static func scan(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], _ chunk: Range<Int>,
        into choices: Slots<Int16>
    ) -> Part {
        var part = Part(totals: Array(repeating: CellTotals(), count: rows.cells))
        let lanes = PricedLanes()
        rows.segments.forEachRun(of: chunk) { run, segment in
            let start = segment &* rows.offers
            prices.withUnsafeBufferPointer { prices in
                guard let base = prices.baseAddress else { return }
                lanes.choose(columns, run, base + start)
            }
            for place in 0..<run.count {
                let member = run.lowerBound &+ place
                let choice = lanes.choiceAtHigh(place)
                choices[member] = Int16(truncatingIfNeeded: choice)
                part.sum += lanes.best(place)
                if choice < 0 { continue }
                part.totals[start &+ choice].count &+= 1
                part.totals[start &+ choice].cost &+= columns.cost(member, choice)
                part.totals[start &+ choice].value += columns.value(member, choice)
            }
        }
        return part
    }

    /// The totals of any choices, by cell, summed from scratch.
    static func totals(
        of choices: [Int16], _ rows: RowSet, _ columns: OfferColumns, threads: Int
    ) -> [CellTotals] {
        var sums = Array(repeating: CellTotals(), count: rows.cells)
        let parts = Chunks(members: columns.members, threads: threads).map { chunk in
            var totals = Array(repeating: CellTotals(), count: rows.cells)
            for member in chunk where choices[member] >= 0 {
                let offer = Int(choices[member])
                let cell = Int(rows.segments.ofMember[member]) &* rows.offers &+ offer
                totals[cell].count &+= 1
                totals[cell].cost &+= columns.cost(member, offer)
                totals[cell].value += columns.value(member, offer)
            }
            return totals
        }
        for part in parts { add(part, to: &sums) }
        return sums
    }

    private static func add(_ part: [CellTotals], to sums: inout [CellTotals]) {
        for cell in sums.indices {
            sums[cell].count += part[cell].count
            sums[cell].cost += part[cell].cost
            sums[cell].value += part[cell].value
        }
    }
}

extension Segments {
    /// Splits a chunk into runs of members of one segment, of at most a block.
    @inline(__always)
    func forEachRun(of chunk: Range<Int>, _ body: (Range<Int>, Int) -> Void) {
        ofMember.withUnsafeBufferPointer { segments in
            var start = chunk.lowerBound
            while start < chunk.upperBound {
                let segment = segments[start]
                let limit = min(chunk.upperBound, start &+ Chunks.blockMembers)
                var end = start &+ 1
                while end < limit, segments[end] == segment { end &+= 1 }
                body(start..<end, Int(segment))
                start = end
            }
        }
    }
}
