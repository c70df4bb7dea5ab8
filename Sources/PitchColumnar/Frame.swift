import PitchSchema

/// Which rows of a data set a frame reads.
enum Rows {
    case range(Range<Int>)
    case list([Int32])

    var count: Int {
        switch self {
        case .range(let range): range.count
        case .list(let rows): rows.count
        }
    }

    func gathered(at picks: ArraySlice<Int32>) -> Rows {
        switch self {
        case .range(let range): .list(picks.map { $0 + Int32(range.lowerBound) })
        case .list(let rows): .list(gather(rows[...], at: picks))
        }
    }

    func read<B: Batch>(_ column: B) -> B {
        switch self {
        case .range(let range): column.sliced(from: range.lowerBound, length: range.count)
        case .list(let rows): column.gathered(at: rows[...])
        }
    }
}

/// The rows that operators run over at once: members, or the events of an outer frame's rows.
final class Frame {
    let count: Int
    let scope: EventScope?
    private let rootMembers: Rows?
    /// The frame that this one was picked from, and which of its rows.
    private let origin: (frame: Frame, picks: [Int32])?
    /// Values of definitions that are not held as columns, by index.
    private var definitions: [Int: any Batch] = [:]

    init(members: Rows) {
        count = members.count
        rootMembers = members
        scope = nil
        origin = nil
    }

    init(scope: EventScope) {
        count = scope.rows.count
        rootMembers = nil
        self.scope = scope
        origin = nil
    }

    private init(pickedFrom frame: Frame, _ picks: [Int32]) {
        count = picks.count
        rootMembers = frame.rootMembers?.gathered(at: picks[...])
        scope = frame.scope.map { EventScope(pickedFrom: $0, picks) }
        origin = (frame, picks)
    }

    /// The member of every row.
    lazy var members: Rows = {
        if let rootMembers { return rootMembers }
        guard let scope else { return .range(0..<0) }
        return scope.outer.members.gathered(at: scope.owner[...])
    }()

    func picked(_ picks: [Int32]) -> Frame { Frame(pickedFrom: self, picks) }

    /// A definition's value, computed once a frame.
    func definition<B: Batch>(_ index: Int, compute: (Frame) -> B) -> B {
        if let batch = definitions[index] as? B { return batch }
        let batch: B
        if let origin {
            batch = origin.frame.definition(index, compute: compute).gathered(at: origin.picks[...])
        } else {
            batch = compute(self)
        }
        definitions[index] = batch
        return batch
    }
}

/// The events of the rows of an outer frame.
final class EventScope {
    let dataSet: DataSetID
    /// The event row of every row of the frame.
    let rows: Rows
    let outer: Frame
    private let segments: Segments
    /// The scope that this one was picked from, and which of its rows.
    private let origin: (scope: EventScope, picks: [Int32])?

    /// - Parameter segments: outer row i owns the rows `segments[i]..<segments[i + 1]`.
    init(dataSet: DataSetID, rows: Rows, outer: Frame, segments: Segments) {
        self.dataSet = dataSet
        self.rows = rows
        self.outer = outer
        self.segments = segments
        origin = nil
    }

    init(pickedFrom scope: EventScope, _ picks: [Int32]) {
        dataSet = scope.dataSet
        rows = scope.rows.gathered(at: picks[...])
        outer = scope.outer
        segments = []
        origin = (scope, picks)
    }

    /// The outer row of every row.
    lazy var owner: [Int32] = {
        if let origin { return gather(origin.scope.owner[...], at: origin.picks[...]) }
        var owner = [Int32](repeating: 0, count: rows.count)
        for row in 0..<max(0, segments.count - 1) {
            for event in Int(segments[row])..<Int(segments[row + 1]) { owner[event] = Int32(row) }
        }
        return owner
    }()
}
