import PitchSchema

/// The rows that a plan's nodes run over at once: neighbours, or some picked ones.
struct ChunkRows {
    /// The columns of the atoms' slots.
    let columns: [PackedColumn]
    /// The first row, of neighbours.
    let start: Int
    let count: Int
    /// The number of every row; nil: neighbours.
    var picks: UnsafePointer<Int32>?
    /// Whether the columns hold the picked rows alone.
    var isGathered = false
    /// The same rows for general operators, which definitions of a member are kept in.
    var frame: Frame?
    /// Whether these are the rows of the chunk that a run's registers are for.
    var isWhole = true

    init(_ columns: [PackedColumn], _ range: Range<Int>) {
        self.columns = columns
        start = range.lowerBound
        count = range.count
    }

    init(_ columns: [PackedColumn], picks: UnsafePointer<Int32>, count: Int) {
        self.columns = columns
        start = 0
        self.count = count
        self.picks = picks
    }

    /// The rows as places in the columns.
    var inColumns: ChunkRows {
        guard isGathered else { return self }
        return ChunkRows(columns, 0..<count)
    }

    /// Words of a mask.
    var words: Int { (count + 63) / 64 }

    /// The number of a row.
    func row(_ index: Int) -> Int { picks.map { Int($0[index]) } ?? start + index }

    /// The rows as general operators see them.
    var generalFrame: Frame {
        if let frame { return frame }
        guard let picks else { return Frame(members: .range(start..<start + count)) }
        return Frame(
            members: .list(Array(UnsafeBufferPointer(start: picks, count: count))))
    }
}
