import PitchProgram
import PitchSchema

/// One member who may get one of several offers.
struct ChoiceMember {
    let number: Int
    /// Which of the offers it may hold.
    let allowed: [Bool]
    /// Index into `Program.channels`; nil: nothing is said.
    let channel: Int?
    /// What the message costs, in millionths of a minor unit.
    let messageMicro: Int64
}

/// Members that no limit and no expectation tells apart.
struct ChoiceCell: Hashable {
    let group: Int
    /// In which segments of the goal's limits it is, in their order.
    let segments: [Bool]
    /// The values of the fields of its rate gaps, numbered, in their order.
    let values: [Int]
    let allowed: [Bool]
    let channel: Int?
    let messageMicro: Int64
}

/// Members in cells.
struct ChoiceCells {
    private(set) var cells: [ChoiceCell] = []
    /// Of every member.
    private(set) var ofMember: [Int32] = []
    /// How many members every cell has.
    private(set) var sizes: [Int] = []
    private var numbers: [ChoiceCell: Int] = [:]

    mutating func add(_ cell: ChoiceCell, _ count: Int = 1) {
        let number = place(of: cell)
        ofMember.append(Int32(number))
        sizes[number] += count
    }

    /// Gives the members of every cell its offers, in their order: the first ones those of the
    /// greatest worth.
    /// - Parameters:
    ///   - counts: `[cell][offer]`.
    ///   - worth: `[cell][offer]`; nil where a cell may not get it.
    /// - Returns: the place of the offer of every member.
    func handedOut(_ counts: [[Int]], worth: [[Double?]]) -> [Int?] {
        var left = zip(counts, worth).map { counts, worth in
            counts.indices.filter { counts[$0] > 0 }
                .sorted { (worth[$0] ?? 0, $1) > (worth[$1] ?? 0, $0) }
                .map { (offer: $0, count: counts[$0]) }[...]
        }
        return ofMember.map { cell in
            guard let next = left[Int(cell)].first else { return nil }
            if next.count == 1 {
                left[Int(cell)].removeFirst()
            } else {
                left[Int(cell)][left[Int(cell)].startIndex].count -= 1
            }
            return next.offer
        }
    }

    /// The number of a cell, with no member more in it.
    mutating func place(of cell: ChoiceCell) -> Int {
        if let known = numbers[cell] { return known }
        numbers[cell] = cells.count
        cells.append(cell)
        sizes.append(0)
        return cells.count - 1
    }
}

/// Which members a goal's limits tell apart: segments and the values of fields.
struct GoalPartition {
    let segments: [DefinitionID]
    let fields: [Expression]

    init(_ goal: Goal) {
        var segments: [DefinitionID] = []
        var fields: [Expression] = []
        for limit in goal.limits {
            if let segment = limit.segment, !segments.contains(segment) {
                segments.append(segment)
            }
            if case .rateGap(_, let field) = limit.measure { fields.append(field) }
        }
        self.segments = segments
        self.fields = fields
    }

    /// For every member, in which segments it is, and the numbers of its values.
    func places(
        of members: [Int32], in base: CustomerBase, isByRow: Bool
    ) throws -> [(segments: [Bool], values: [Int])] {
        let inside = try segments.map { segment in
            try base.answers(
                to: Expression(.definition(segment), .truth), for: members, isByRow: isByRow)
        }
        let values = try fields.map { try numbered($0, of: members, in: base) }
        return members.indices.map { place in
            (inside.map { $0[place] == .yes }, values.map { $0[place] })
        }
    }

    /// Equal values have equal numbers; missing is a value of its own.
    private func numbered(
        _ field: Expression, of members: [Int32], in base: CustomerBase
    ) throws -> [Int] {
        let reads = RecordReads([field], in: base.program)
        var numbers: [Value: Int] = [:]
        return try base.records.map(members.map(Int.init), reading: reads) { _, record in
            let value = try base.evaluator.evaluate(field, for: record)
            let number = numbers[value] ?? numbers.count
            numbers[value] = number
            return number
        }
    }
}
