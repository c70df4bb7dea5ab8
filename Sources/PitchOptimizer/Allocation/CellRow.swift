/// Members in segments, for rows that treat segments apart.
package struct Segments: Sendable {
    package let count: Int
    /// The segment of every member. Passes are fast when the members of one lie together.
    package let ofMember: [Int32]
    /// How many members every segment has.
    package let sizes: [Int]

    /// - Throws: `noCandidate` without a segment, `parameterOutOfRange` for a number that is none.
    package init(count: Int, ofMember: [Int32]) throws(OptimizerError) {
        guard count > 0 else { throw .noCandidate }
        var sizes = Array(repeating: 0, count: count)
        for segment in ofMember {
            guard sizes.indices.contains(Int(segment)) else { throw .parameterOutOfRange }
            sizes[Int(segment)] += 1
        }
        (self.count, self.ofMember, self.sizes) = (count, ofMember, sizes)
    }

    /// All members in one segment.
    package static func one(members: Int) -> Segments {
        Segments(members)
    }

    private init(_ members: Int) {
        (count, ofMember, sizes) = (1, Array(repeating: 0, count: members), [members])
    }
}

/// A limit on the sum of what the choices use: every member of a segment who gets an offer uses
/// `member + cost · its cost + value · its value`, summed over the terms that cover it.
package struct CellRow: Sendable, Equatable {
    /// What an offer uses for some segments and offers.
    package struct Term: Sendable, Equatable {
        /// The segment and offer it covers; `nil` covers all.
        package var segment: Int?
        package var offer: Int?
        /// What everyone who gets it uses, and what each minor unit of its cost and each unit of
        /// its value adds.
        package var member: Double
        package var cost: Double
        package var value: Double

        /// A term that covers all segments and offers and uses nothing, but for what is given.
        package init(
            segment: Int? = nil, offer: Int? = nil, member: Double = 0, cost: Double = 0,
            value: Double = 0
        ) {
            (self.segment, self.offer) = (segment, offer)
            (self.member, self.cost, self.value) = (member, cost, value)
        }
    }

    /// Terms that cover the same segment and offer add up.
    package var terms: [Term]
    /// What the sum is at most.
    package var limit: Double

    /// A row of terms and a limit; checked when an allocation begins.
    package init(_ terms: [Term], atMost limit: Double) {
        (self.terms, self.limit) = (terms, limit)
    }

    /// Whether every sum and the limit are whole numbers, so that the row is checked exactly.
    package var isInteger: Bool {
        // Beyond 2⁵³ a `Double` is whole because it is rounded.
        func isWhole(_ number: Double) -> Bool {
            number.rounded() == number && abs(number) <= 0x1p53
        }
        return isWhole(limit)
            && terms.allSatisfy { $0.value == 0 && isWhole($0.member) && isWhole($0.cost) }
    }
}

extension CellRow {
    /// The cost of all members, or of one segment, is at most a budget in minor units.
    package static func budget(_ budgetMinor: Int64, segment: Int? = nil) -> CellRow {
        CellRow([Term(segment: segment, cost: 1)], atMost: Double(budgetMinor))
    }

    /// At most so many members get an offer.
    package static func stock(_ count: Int, of offer: Int) -> CellRow {
        CellRow([Term(offer: offer, member: 1)], atMost: Double(count))
    }

    /// At most so many members get one of the offers a channel carries.
    package static func capacity(_ count: Int, of offers: [Int]) -> CellRow {
        CellRow(offers.map { Term(offer: $0, member: 1) }, atMost: Double(count))
    }

    /// Every minor unit brings at least `ratio` minor units, a unit of value being worth
    /// `worthMinor`.
    package static func returnFloor(_ ratio: Double, worthMinor: Double) -> CellRow {
        CellRow([Term(cost: ratio, value: -worthMinor)], atMost: 0)
    }

    /// At least so many members of a segment get an offer.
    package static func coverageFloor(_ count: Int, of segment: Int) -> CellRow {
        CellRow([Term(segment: segment, member: -1)], atMost: -Double(count))
    }

    /// The share of a segment's members who get an offer differs from that of all members by at
    /// most `gap`: two rows.
    package static func rateGap(
        _ gap: Double, of segment: Int, in segments: Segments
    ) -> [CellRow] {
        precondition(
            segments.sizes.indices.contains(segment), "the gap is of one of the segments")
        let own = 1 / Double(max(1, segments.sizes[segment]))
        let all = 1 / Double(max(1, segments.ofMember.count))
        return [1.0, -1].map { sign in
            CellRow(
                [Term(segment: segment, member: sign * own), Term(member: -sign * all)],
                atMost: gap)
        }
    }
}
