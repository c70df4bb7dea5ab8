import PitchSchema

/// Counts or totals of the events of one data set with one filter and one end, over windows that
/// begin at different times: one pass from the newest event to the oldest answers them all.
final class EventGroup {
    let dataSet: DataSetID
    let table: EventTable
    /// The conditions of the filter.
    let atoms: AtomTable
    /// Which events count; nil: all.
    let filter: PlanNode?
    /// The column whose total is asked for, among the atoms'; nil: how many events.
    let argument: Int?
    /// The last day or instant of the windows.
    let upper: Int64
    /// By where they begin, the latest first.
    private(set) var windows: [EventWindow] = []
    /// Its place among the groups of a plan, and that of its data set among the plan's.
    let number: Int
    let tableNumber: Int
    /// The width of a count or total. Of 4 bytes it has no sign.
    let width: PackedIntegers.Width

    init(
        _ dataSet: DataSetID, _ table: EventTable, _ atoms: AtomTable, filter: PlanNode?,
        argument: Int?, upper: Int64, number: Int, tableNumber: Int
    ) {
        self.dataSet = dataSet
        self.table = table
        self.atoms = atoms
        self.filter = filter
        self.argument = argument
        self.upper = upper
        self.number = number
        self.tableNumber = tableNumber
        width = Self.width(
            table.greatestCount, of: argument.map { atoms.columns[$0].values })
    }

    /// The width of a count or total: no member's leaves it.
    private static func width(_ most: Int, of values: PackedIntegers?) -> PackedIntegers.Width {
        if let values {
            return values.totalsFit(most, within: 0...Int128(UInt32.max)) ? .four : .eight
        }
        return switch most {
        case ...0xFF: .one
        case ...0xFFFF: .two
        default: .four
        }
    }

    func add(_ test: EventTest) {
        let place = windows.firstIndex { $0.lower <= test.lower } ?? windows.count
        if place < windows.count, windows[place].lower == test.lower {
            windows[place].tests.append(test)
        } else {
            windows.insert(EventWindow(lower: test.lower, tests: [test]), at: place)
        }
    }
}

/// The events since a day or an instant, and what is asked of their count or total.
struct EventWindow {
    let lower: Int64
    var tests: [EventTest]
}

/// Whether a count or total is in a range.
final class EventTest {
    unowned let group: EventGroup
    let lower: Int64
    let test: RangeTest
    /// Where a run keeps the answer for all rules; nil: it is computed where it stands.
    var register: Int?

    init(_ group: EventGroup, lower: Int64, _ test: RangeTest) {
        self.group = group
        self.lower = lower
        self.test = test
    }

    /// The place of its window in the group.
    var place: Int { group.windows.firstIndex { $0.lower == lower } ?? 0 }
}

extension PackedIntegers {
    /// Whether every total of up to so many of the numbers is within bounds.
    func totalsFit(_ count: Int, within bounds: ClosedRange<Int128>) -> Bool {
        guard width != .eight else { return false }
        let most = (Int128(1) << (8 * Int128(width.rawValue)) - 1) * Int128(scale) + Int128(base)
        let extremes = [0, Int128(base) * Int128(count), most * Int128(count)]
        return extremes.allSatisfy { bounds.contains($0) }
    }
}
