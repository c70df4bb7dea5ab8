/// Members of a table in classes of equal ones: of one segment, with equal values and costs.
struct MergedMembers {
    /// The class of every member, and a member of every class.
    private let ofMember: [Int32]
    private let members: [Int]
    private let sizes: [Int]

    /// How many options a search over classes may have.
    private static let optionLimit = 12_000

    /// - Returns: nil when there are too many classes.
    init?(_ rows: RowSet, _ columns: OfferColumns) {
        let limit = Self.optionLimit / (columns.offers + 1)
        var numbers: [UInt64: Int32] = [:]
        var (ofMember, members, sizes) = ([Int32](), [Int](), [Int]())
        ofMember.reserveCapacity(columns.members)
        for member in 0..<columns.members {
            let hash = Self.hash(rows, columns, member)
            if let known = numbers[hash],
                Self.areEqual(rows, columns, member, members[Int(known)])
            {
                ofMember.append(known)
                sizes[Int(known)] += 1
                continue
            }
            if members.count >= limit { return nil }
            numbers[hash] = Int32(members.count)
            ofMember.append(Int32(members.count))
            members.append(member)
            sizes.append(1)
        }
        (self.ofMember, self.members, self.sizes) = (ofMember, members, sizes)
    }

    private static func hash(_ rows: RowSet, _ columns: OfferColumns, _ member: Int) -> UInt64 {
        var hash = UInt64(bitPattern: Int64(rows.segments.ofMember[member]))
        for offer in 0..<columns.offers {
            let place = offer &* columns.members &+ member
            let bits = UInt64(columns.values[place].bitPattern) << 32
            hash ^= bits | UInt64(UInt32(bitPattern: columns.costs[place]))
            hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        }
        return hash
    }

    private static func areEqual(
        _ rows: RowSet, _ columns: OfferColumns, _ one: Int, _ other: Int
    ) -> Bool {
        rows.segments.ofMember[one] == rows.segments.ofMember[other]
            && (0..<columns.offers).allSatisfy { offer in
                columns.value(one, offer) == columns.value(other, offer)
                    && columns.cost(one, offer) == columns.cost(other, offer)
            }
    }

    func table(_ rows: RowSet, _ columns: OfferColumns) -> ClassTable {
        let none = members.map { _ in [Double](repeating: 0, count: columns.offers) }
        var uses = Array(repeating: none, count: rows.rows.count)
        for (place, member) in members.enumerated() {
            for offer in 0..<columns.offers {
                rows.forEachUse(columns, member, offer) { uses[$0][place][offer] = $1 }
            }
        }
        return ClassTable(
            sound: sizes, columns.offers,
            members.map { member in (0..<columns.offers).map { columns.value(member, $0) } },
            zip(rows.rows, uses).map { ClassRow($1, atMost: $0.limit) })
    }

    /// Members of the lowest numbers get the first offers.
    func choices(_ counts: [[Int]]) -> [Int16] {
        var counts = counts
        var next = counts.map { _ in 0 }
        return ofMember.map { kept in
            let own = Int(kept)
            while next[own] < counts[own].count, counts[own][next[own]] == 0 { next[own] += 1 }
            guard next[own] < counts[own].count else { return -1 }
            counts[own][next[own]] -= 1
            return Int16(next[own])
        }
    }
}
