/// The program of some members of a table, equal ones in classes.
struct MemberProgram {
    private(set) var program: RowProgram
    /// The members of every class, those of the lowest numbers first.
    private var members: [[Int32]] = []

    init(
        _ rows: RowSet, _ columns: OfferColumns, _ candidates: RowCandidates,
        _ terms: RowProgram.Terms, fixed: (value: Double, activities: [Double])
    ) {
        var terms = terms
        for row in terms.limits.indices { terms.limits[row] += rows.rounding(row) }
        program = RowProgram(
            terms, units: rows.rows.indices.map(rows.unit),
            largest: Self.largest(rows, columns, candidates), fixed: fixed)
        var places = Array(repeating: -1, count: rows.rows.count)
        for (place, row) in program.rows.enumerated() { places[row] = place }
        var classes: [Int: Int] = [:]
        for place in candidates.members.indices {
            let member = candidates.members[place]
            let options = candidates.options(place).sorted {
                (candidates.regrets[$0], $0) < (candidates.regrets[$1], $1)
            }
            for option in options {
                let offer = candidates.offers[option]
                var uses: [RowProgram.Use] = []
                rows.forEachUse(columns, Int(member), Int(offer)) { row, amount in
                    let place = places[row]
                    if place < 0 { return }
                    uses.append(RowProgram.Use(row: place, amount: amount * program.scales[place]))
                }
                program.addOption(
                    offer, value: terms.hasValues ? columns.value(Int(member), Int(offer)) : 0,
                    uses: uses)
            }
            let hash = program.pendingHash
            if let kept = classes[hash], program.isAlike(kept) {
                program.addMember(to: kept)
                members[kept].append(member)
            } else {
                classes[hash] = members.count
                program.endClass(size: 1)
                members.append([member])
            }
        }
        for kept in members.indices where members[kept].count > 1 { members[kept].sort() }
    }

    private static func largest(
        _ rows: RowSet, _ columns: OfferColumns, _ candidates: RowCandidates
    ) -> [Double] {
        var largest = Array(repeating: 0.0, count: rows.rows.count)
        for place in candidates.members.indices {
            for option in candidates.options(place) {
                let member = Int(candidates.members[place])
                rows.forEachUse(columns, member, Int(candidates.offers[option])) { row, amount in
                    largest[row] = max(largest[row], abs(amount))
                }
            }
        }
        return largest
    }

    /// How many members of every class have which option; those who have none of theirs get the
    /// first.
    func counts(_ choices: [Int16]) -> [Double] {
        var counts = program.offers.map { _ in 0.0 }
        for (kept, members) in members.enumerated() {
            let options = program.options(of: kept)
            for member in members {
                let offer = choices[Int(member)]
                counts[options.first { program.offers[$0] == offer } ?? options.lowerBound] += 1
            }
        }
        return counts
    }

    /// Gives options to so many members each, those of the lowest numbers the first options.
    func assign(_ counts: [Double], to choices: inout [Int16]) {
        for (kept, members) in members.enumerated() {
            var rest = members[...]
            for option in program.options(of: kept) {
                for member in rest.prefix(Int(counts[option])) {
                    choices[Int(member)] = program.offers[option]
                }
                rest = rest.dropFirst(Int(counts[option]))
            }
        }
    }
}

extension RowSet {
    /// Calls with every row that a member's offer uses and what it takes of it.
    @inline(__always)
    func forEachUse(
        _ columns: OfferColumns, _ member: Int, _ offer: Int, _ body: (Int, Double) -> Void
    ) {
        if offer < 0 { return }
        let (cost, value) = (Double(columns.cost(member, offer)), columns.value(member, offer))
        for place in uses(Int(segments.ofMember[member]), offer) {
            let amount = uses[place].amount(cost: cost, value: value)
            if amount != 0 { body(uses[place].row, amount) }
        }
    }
}
