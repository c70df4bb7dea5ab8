import Glibc
import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore
import Synchronization

/// The loaded data of one program at one moment, by row and by column.
final class CustomerBase {
    let program: Program
    let moment: Moment
    let store: Store
    let runtime: ColumnarRuntime
    let evaluator: Evaluator
    let columns: SnapshotSource
    /// What is asked of everybody.
    private(set) lazy var conditions = SharedConditions(program) { [unowned self] conditions in
        try self.select(conditions)
    }
    /// Members whom the member files no longer have; they get nothing.
    private let gone: Bitmap?
    /// Members and their events, one at a time.
    let records: MemberRecords
    private var vectors: [Int: ColumnVector] = [:]
    private var unseen: [UnseenQuery: [StoredEvent]] = [:]
    /// Rows of events that are at hand, by their number in the store.
    private var events: [DataSetID: [Int64: StoredEvent]] = [:]
    private var past: [UnseenQuery: Int64] = [:]
    private var latest: [DataSetID: Int64?] = [:]
    private let tables: StoredTables
    /// New rows, and those that an occurrence began with.
    private var rowsRead = 0
    private var membersRead = 0
    /// What was read to find occurrences and to judge them.
    var reading: ReadCounts {
        ReadCounts(
            rows: rowsRead + records.rowsRead + columns.rowsRead,
            lookups: membersRead + records.membersRead + records.keys.lookups + tables.rowsRead,
            columnValues: columns.valuesRead)
    }
    private var calendars: [FieldID: [Int32: String?]] = [:]

    private struct UnseenQuery: Hashable {
        let dataSet: DataSetID
        let row: Int64
        let instant: Int64
        var until: Int64?
    }

    convenience init(_ program: Program, at moment: Moment, in store: Store) throws {
        let columns = try store.snapshot(of: program)
        self.init(
            program, at: moment, in: store, columns: columns, gone: try columns.goneMembers())
    }

    /// The same data for another program with the same data sets.
    /// - Parameter isByRow: whether events of members are read by row, even if columns have them:
    ///   for one member that is less.
    convenience init(_ program: Program, over base: CustomerBase, isByRow: Bool = false) {
        self.init(
            program, at: base.moment, in: base.store, columns: base.columns, gone: base.gone,
            isByRow: isByRow)
    }

    private init(
        _ program: Program, at moment: Moment, in store: Store, columns: SnapshotSource,
        gone: Bitmap?, isByRow: Bool = false
    ) {
        self.program = program
        self.moment = moment
        self.store = store
        self.columns = columns
        self.gone = gone
        records = MemberRecords(program, store, isByRow ? nil : columns)
        runtime = ColumnarRuntime(program: program, moment: moment, source: columns)
        runtime.threads = min(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        tables = StoredTables(store: store, program: program)
        evaluator = Evaluator(program: program, moment: moment, tables: tables)
    }

    var memberCount: Int { columns.memberCount }

    /// How many members there are, gone ones left out.
    var presentCount: Int { memberCount - (gone?.population ?? 0) }

    /// A mask without the members that are gone.
    func present(_ mask: Bitmap) -> Bitmap {
        guard let gone else { return mask }
        return mask.combined(with: gone) { $0 & ~$1 }
    }

    /// Whether a member may get anything.
    func isPresent(_ member: Int) -> Bool { gone.map { !$0[member] } ?? true }

    /// A field of the members' data set as a column.
    func memberColumn(_ field: Int) throws -> ColumnVector {
        if let known = vectors[field] { return known }
        let vector = try columns.column(FieldID(program.members ?? DataSetID(0), field))
        vectors[field] = vector
        return vector
    }

    /// Of fewer members than these the rows are read, where a column would have to be made of the
    /// rows of all.
    func areFew(_ count: Int) -> Bool { count < memberCount / 16 }

    /// Reads what expressions will be asked of so many members and touch, in one pass over each
    /// data set, unless they are few.
    func prefetch(_ expressions: [Expression], for count: Int) throws {
        if !areFew(count) { try prefetch(expressions) }
    }

    /// Reads what expressions touch and is not there yet, in one pass over each data set.
    func prefetch(_ expressions: [Expression], and memberFields: [Int] = []) throws {
        let touched = expressions.reduce(into: Set<FieldID>()) {
            $0.formUnion(runtime.touchedFields($1))
        }
        let members = program.members
        try columns.prefetch(
            touched + memberFields.compactMap { field in members.map { FieldID($0, field) } })
    }

    /// What conditions say of everybody.
    func select(_ conditions: [Expression]) throws -> [Selection] {
        try prefetch(conditions)
        return try runtime.select(conditions)
    }

    /// The keys of members, in their order.
    func keys(of members: [Int]) throws -> [String] {
        guard members.count > 256 else { return try records.stored(members).map(\.key) }
        let keys = try columns.memberKeyTexts()
        return members.map { keys[$0] }
    }

    /// One value a field of the members' data set.
    func values(of member: Int) throws -> [Value] { try records.member(member)?.values ?? [] }

    /// Members with some of their own fields and without events, for an expression that reads
    /// nothing else.
    func shallowRecords(of numbers: [Int], for expression: Expression) throws -> [MemberRecord] {
        guard let id = program.members else { return [] }
        let fields = expression.memberFields.sorted()
        if fields.isEmpty { return numbers.map { _ in MemberRecord(key: "", values: []) } }
        guard numbers.count > 256 else {
            return try records.stored(numbers).map {
                MemberRecord(key: $0.key, values: $0.values)
            }
        }
        try columns.prefetch(fields.map { FieldID(id, $0) })
        let vectors = try fields.map { ($0, try memberColumn($0)) }
        let none = [Value](repeating: .missing, count: program.dataSets[id.index].fields.count)
        return numbers.map { number in
            var values = none
            for (field, vector) in vectors { values[field] = vector.value(at: number) }
            return MemberRecord(key: "", values: values)
        }
    }

    /// Counts rows of members that are looked at because they are new.
    func count(read rows: Int) { rowsRead += rows }

    /// The days of a table, with what they are called; of several rows of a day, by the first that
    /// was loaded.
    func holidays(in table: DataSetID, date: Int, name: Int?) throws -> [Int32: String?] {
        let field = FieldID(table, date)
        if let known = calendars[field] { return known }
        let days = try columns.column(field)
        let names = try name.map { try columns.column(FieldID(table, $0)) }
        var calendar: [Int32: String?] = [:]
        for row in 0..<days.count {
            guard case .date(let day) = days.value(at: row), calendar[day] == nil else { continue }
            var text: String?
            if case .text(let name)? = names?.value(at: row) { text = name }
            calendar[day] = .some(text)
        }
        calendars[field] = calendar
        return calendar
    }

    /// The rows of a data set that a strategy has not judged, by `at`, then key.
    /// - Parameters:
    ///   - until: only rows up to this instant; nil: up to now.
    ///   - member: only this member's; nil: everyone's.
    func unseenEvents(
        in dataSet: DataSetID, afterRow row: Int64, since instant: Int64, until: Int64? = nil,
        of member: Int?
    ) throws -> [StoredEvent] {
        let query = UnseenQuery(dataSet: dataSet, row: row, instant: instant, until: until)
        if member == nil, let known = unseen[query] { return known }
        let events = try store.unseenEvents(
            in: dataSet, afterRow: row, afterInstant: instant,
            now: min(until ?? moment.now, moment.now), zone: moment.zone, of: member,
            program, keys: records.keys)
        rowsRead += events.count
        for event in events { self.events[dataSet, default: [:]][event.row] = event }
        if member != nil { return events }
        // A damaged index may know of fewer members than the rows of the events.
        guard events.allSatisfy({ $0.member < memberCount }) else {
            throw WorkspaceError(
                .world, "the store's events and members do not fit together; restore a copy")
        }
        unseen[query] = events
        return events
    }

    /// The events of some rows, in their order, without those that are none's. Rows that are not at
    /// hand are read.
    func events(_ rows: [Int64], in dataSet: DataSetID) throws -> [StoredEvent] {
        let unread = rows.filter { events[dataSet]?[$0] == nil }
        let found = try store.events(rows: unread, in: dataSet, program, keys: records.keys)
        rowsRead += found.count
        for event in found { events[dataSet, default: [:]][event.row] = event }
        return rows.compactMap { events[dataSet]?[$0] }
    }

    /// The member with a key; nil when there is none.
    func member(_ key: String) throws -> StoredMember? {
        membersRead += 1
        return try store.member(key, program)
    }

    /// The latest `at` of a data set that has come, as stored; nil when none has.
    func latestEvent(of dataSet: DataSetID) throws -> Int64? {
        if let known = latest[dataSet] { return known }
        let instant = try store.latestEvent(
            of: dataSet, upTo: moment.now, zone: moment.zone, program)
        latest[dataSet] = .some(instant)
        return instant
    }

    /// How many events of a data set lie at or before an instant.
    func eventCount(of dataSet: DataSetID, upTo instant: Int64) throws -> Int64 {
        let query = UnseenQuery(dataSet: dataSet, row: 0, instant: instant)
        if let known = past[query] { return known }
        let count = try store.eventCount(
            of: dataSet, upTo: instant, zone: moment.zone, program)
        past[query] = count
        return count
    }
}

/// Rows of look-up tables, read one at a time and kept.
final class StoredTables: TableRows {
    private let store: Store
    private let program: Program
    private let known = Mutex<[TableKey: [Value]?]>([:])
    /// How many rows were looked up.
    var rowsRead: Int { known.withLock { $0.count } }

    private struct TableKey: Hashable {
        let table: DataSetID
        let key: String
    }

    init(store: Store, program: Program) {
        self.store = store
        self.program = program
    }

    func row(of table: DataSetID, key: String) -> [Value]? {
        let place = TableKey(table: table, key: key)
        if let row = known.withLock({ $0[place] }) { return row }
        let row = try? store.row(of: table, key: key, program)
        known.withLock { $0[place] = .some(row) }
        return row
    }
}

extension Bitmap {
    /// The words of two masks of one length, combined.
    func combined(with other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64) -> Bitmap {
        var result = self
        result.withWords { words in
            for index in words.indices {
                words[index] = operation(words[index], other.words[index])
            }
        }
        return result
    }
}

extension ColumnVector {
    /// The value of one row.
    func value(at row: Int) -> Value {
        if let missing, missing[row] { return .missing }
        switch payload {
        case .integers(let counts): return Value(raw: counts[row], as: type)
        case .codes(let codes, let dictionary): return .text(dictionary[Int(codes[row])])
        case .tags(let offsets, let codes, let dictionary):
            let range = Int(offsets[row])..<Int(offsets[row + 1])
            // In the order of the store, which need not be that of their codes.
            return .tags(
                range.map { dictionary[Int(codes[$0])] }
                    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        }
    }
}

extension Expression {
    /// The member's own fields that it reads outside aggregates and definitions.
    var memberFields: Set<Int> {
        if case .memberField(let field) = node { return [field] }
        return operands.reduce(into: []) { $0.formUnion($1.memberFields) }
    }

    /// Whether it reads only the member's own fields, an event in scope and tables.
    var isShallow: Bool {
        switch node {
        case .definition, .aggregate, .occurrenceField: false
        default: operands.allSatisfy(\.isShallow)
        }
    }
}
