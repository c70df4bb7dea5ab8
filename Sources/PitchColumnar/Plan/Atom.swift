import PitchProgram
import PitchSchema

/// One condition of a row that is computed over a chunk at once. The rules of a plan share those
/// that are alike.
final class Atom {
    enum Kind {
        /// Numbers of a column; nil: of none.
        case range(slot: Int, PackedIntegers.RawRange?, isComplement: Bool)
        /// Codes of a column: for which it is true, and for which it may be if some are unknown.
        case set(slot: Int, CodeSet, possible: CodeSet?)
        /// Rows of a column that have no value.
        case missing(slot: Int)
        /// A bit for every row there is.
        case bits(TruthBatch)
        /// A count or a total of a member's events.
        case events(EventTest)
        /// Any other operator.
        case general(any Operator<TruthBatch>)
    }

    let kind: Kind
    let isNullable: Bool
    let canFail: Bool
    /// Estimated nanoseconds a row.
    let cost: Double
    /// What runs, for `explain`.
    let kernel: String
    /// Whether its numbers were counted or added up for an earlier question.
    var isKept = false
    /// How often the plan's rules name it.
    fileprivate(set) var uses = 0
    /// Where a run keeps it for all rules; nil: it is computed where it stands.
    var register: Int?

    init(_ kind: Kind, isNullable: Bool, canFail: Bool, cost: Double, kernel: String) {
        self.kind = kind
        self.isNullable = isNullable
        self.canFail = canFail
        self.cost = cost
        self.kernel = kernel
    }
}

/// What makes two atoms alike.
enum AtomKey: Hashable {
    case range(column: Int, low: UInt64, span: UInt64, isComplement: Bool)
    case nothing(column: Int, isComplement: Bool)
    case set(column: Int, CodeSet, possible: CodeSet?)
    case missing(column: Int)
    case bits(words: UInt, known: UInt?)
    case events(group: Int, lower: Int64, RangeTest)
}

/// The atoms over one kind of row, and the columns that they read.
final class AtomTable {
    private(set) var columns: [PackedColumn] = []
    private(set) var atoms: [Atom] = []
    private var places: [AtomKey: Int] = [:]
    private var slots: [ColumnKey: Int] = [:]

    /// The place of a column among those that are read.
    func slot(_ column: PackedColumn) -> Int {
        let key = ColumnKey(column)
        if let slot = slots[key] { return slot }
        slots[key] = columns.count
        columns.append(column)
        return columns.count - 1
    }

    /// The number of the atom with a key; it is made if there is none.
    /// - Parameter key: nil: like no other.
    func number(_ key: AtomKey?, make: () -> Atom) -> Int {
        if let key, let place = places[key] {
            atoms[place].uses += 1
            return place
        }
        let atom = make()
        atom.uses = 1
        atoms.append(atom)
        if let key { places[key] = atoms.count - 1 }
        return atoms.count - 1
    }
}

/// Alike for copies of one column, as long as one of them lives.
struct ColumnKey: Hashable {
    private let bytes: UInt
    private let base: Int64
    private let scale: Int64
    private let known: UInt?

    init(_ column: PackedColumn) {
        bytes = UInt(bitPattern: column.values.bytes.start)
        base = column.values.base
        scale = column.values.scale
        known = column.known?.identity
    }
}

extension Bitmap {
    /// Alike for copies of one bitmap, as long as one of them lives.
    var identity: UInt { words.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
}
