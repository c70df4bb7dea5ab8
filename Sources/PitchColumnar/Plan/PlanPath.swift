import PitchSchema

/// How the answer of one condition is found for every member, and why so: for `explain`.
package enum Path: Sendable, Equatable {
    /// Its numbers are looked at, but for this share of the members, of whom zones tell enough.
    case numbers(zoned: Double)
    /// It has a bit, a code or a mark for every member.
    case bits
    /// A count or total that was kept when an earlier question asked for it.
    case kept
    /// One pass over the events of each block of members, by time, which other windows share.
    case eventsByTime
    /// One pass over the events as they lie: to put them in order does not pay for so few windows.
    case eventsInPlace
    /// No kernel does it: an operator runs over a batch of members, or of their events.
    case operators
    /// Several conditions, each in its own way.
    case several
    /// The script says it already.
    case constant
}

extension Atom {
    /// - Parameters:
    ///   - columns: those of its plan.
    ///   - count: how many members there are.
    func path(_ columns: [PackedColumn], count: Int) -> Path {
        if isKept { return .kept }
        switch kind {
        case .range(let slot, let range?, _):
            return .numbers(zoned: columns[slot].shareDecided(by: range, of: count))
        case .range: return .numbers(zoned: 1)
        case .missing, .bits, .set: return .bits
        case .events(let test):
            let table = test.group.table
            return table.isOrderWorthNow(windows: test.group.windows.count)
                ? .eventsByTime : .eventsInPlace
        case .general: return .operators
        }
    }
}

extension PlanNode {
    func path(_ columns: [PackedColumn], count: Int) -> Path {
        switch kind {
        case .atom(let atom, _, _): atom.path(columns, count: count)
        case .junction(let junction): junction.path(columns, count: count)
        case .constant, .failure: .constant
        }
    }
}

extension PlanJunction {
    /// That of its conditions, if it is the same for all.
    fileprivate func path(_ columns: [PackedColumn], count: Int) -> Path {
        var paths = operands.map { $0.node.path(columns, count: count) }
        paths.removeAll { $0 == .constant }
        guard let first = paths.first else { return .constant }
        return paths.allSatisfy { $0 == first } ? first : .several
    }
}

extension PackedColumn {
    /// The share of rows whose zones tell enough.
    fileprivate func shareDecided(by range: PackedIntegers.RawRange, of count: Int) -> Double {
        guard let zones, count > 0 else { return 0 }
        let numbers = values.numbers(range)
        var (row, decided) = (0, 0)
        while row < count {
            let stretch = zones.stretch(from: row, to: count, within: numbers)
            if stretch.isWithin != nil { decided += stretch.end - row }
            row = stretch.end
        }
        return Double(decided) / Double(count)
    }
}
