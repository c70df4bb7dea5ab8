import GRDB
import PitchProgram
import PitchSchema

/// Parses records of one data set and writes them as rows.
final class RowWriter {
    enum Outcome {
        case new, changed, unchanged
        /// The key is known with other values, which stay.
        case conflict(RowFault)
        case wrong(RowFault, isStranger: Bool)
    }

    private let layout: StoredLayout
    private let parsers: [FieldParser]
    private let keys: KeyIndex
    private let members: MemberRows?
    private let statements: RowStatements
    /// A row whose declaration changed takes its values anew when it is first seen.
    private let isReload: Bool
    private(set) var seen = RowSet()
    private var sightings: RowSightings
    /// Of the record at hand, one a field.
    private var values: [ParsedValue]
    private var keyBytes = ByteScratch()

    init(
        _ layout: StoredLayout, program: Program, zone: ZoneRules, bytes: Int64, isReload: Bool,
        _ db: Database
    ) throws {
        self.layout = layout
        self.isReload = isReload
        sightings = RowSightings(zone: zone)
        parsers = try layout.dataSet.fields.map { try FieldParser($0, zone: zone) }
        keys = try KeyIndex(layout, bytes: bytes, db)
        statements = try RowStatements(layout, db)
        members =
            layout.dataSet.member != nil
            ? try MemberRows(program, layout.dataSet, bytes: bytes, db) : nil
        values = [ParsedValue](repeating: .missing, count: layout.dataSet.fields.count)
    }

    var lastMember: Int64 { members?.keys.last ?? 0 }

    /// The members' data set; nil when the rows have none.
    var memberLayout: StoredLayout? { members?.layout }

    /// - Parameters:
    ///   - places: for each field its place in the record.
    ///   - position: identifies the row where no key is declared.
    func write(_ record: Record, _ places: [Int], position: () -> String) throws -> Outcome {
        if let fault = record.fault { return .wrong(fault, isStranger: false) }
        for field in parsers.indices {
            let raw = record.values[places[field]]
            values[field] = parsers[field].parse(raw)
            switch values[field] {
            case .integer, .text: break
            case .missing:
                if !isRequired(field) { continue }
                return wrong(field, raw, "expected a value, found nothing")
            case .wrong(let reason): return wrong(field, raw, reason)
            }
        }
        var member: Int64 = 0
        if let members, let field = layout.dataSet.member {
            guard case .text(let key) = values[field] else {
                return wrong(field, record.values[places[field]], "expected a text")
            }
            guard let row = try members.row(of: key) else {
                let fault = RowFault(
                    field: layout.dataSet.fields[field].name, value: key,
                    reason: "expected a member, found one whom the members' file lacks")
                return .wrong(fault, isStranger: true)
            }
            member = row
        }
        return try store(member, key(position))
    }

    private func isRequired(_ field: Int) -> Bool {
        let dataSet = layout.dataSet
        return !dataSet.fields[field].isOptional || dataSet.key.contains(field)
            || [dataSet.member, dataSet.place, dataSet.at].contains(field)
    }

    private func wrong(_ field: Int, _ raw: RawValue, _ reason: String) -> Outcome {
        .wrong(
            RowFault(field: layout.dataSet.fields[field].name, value: raw.bytes, reason: reason),
            isStranger: false)
    }

    /// The key's text: several fields are joined by U+001F.
    private func key(_ position: () -> String) -> UnsafeBufferPointer<UInt8> {
        let fields = layout.dataSet.key
        if fields.count == 1, case .text(let text) = values[fields[0]] { return text }
        if fields.isEmpty { return keyBytes.keep(position().utf8) }
        var joined: [UInt8] = []
        for (place, field) in fields.enumerated() {
            if place > 0 { joined.append(StoredTags.separator) }
            switch values[field] {
            case .text(let text): joined += text
            case .integer(let count): joined += String(count).utf8
            case .missing, .wrong: break
            }
        }
        return keyBytes.keep(joined)
    }

    private func store(_ member: Int64, _ key: UnsafeBufferPointer<UInt8>) throws -> Outcome {
        let (row, isNew) = try keys.take(key)
        defer { seen.insert(row) }
        if isNew {
            try statements.insert(row, key, member, values)
            return .new
        }
        if try statements.isSame(row, member, values) { return .unchanged }
        let replaces =
            layout.dataSet.kind != .events || layout.dataSet.onChange == .replace
            || (isReload && !seen.contains(row))
        guard replaces else { return .conflict(conflict(key)) }
        try noteTime(of: row)
        try statements.update(row, member, values, isLogged: !isReload)
        return .changed
    }

    private func conflict(_ key: UnsafeBufferPointer<UInt8>) -> RowFault {
        let names = layout.dataSet.key.map { layout.dataSet.fields[$0].name }
        return RowFault(
            field: names.joined(separator: ", "), value: key,
            reason: "repeats a key with other values; what came first stays")
    }

    /// When an event was that is dated anew.
    private func noteTime(of row: Int64) throws {
        guard let at = layout.dataSet.at, case .integer(let new) = values[at],
            let former = try statements.instant(of: row), former != new
        else { return }
        sightings.note(row, was: former)
    }

    /// To be called in the transaction of each file, at its end.
    func recordSightings(_ db: Database) throws { try sightings.record(of: layout, db) }
}

/// The members that events speak of.
private final class MemberRows {
    let layout: StoredLayout
    let keys: KeyIndex
    /// Inserts a member whom only events know; nil: such events are not accepted.
    private let insert: RawStatement?

    init(_ program: Program, _ events: DataSet, bytes: Int64, _ db: Database) throws {
        guard let id = program.members else {
            throw StoreError(
                .outdated, "load '\(events.name)'", "the script declares no members")
        }
        layout = try StoredLayout.current(program.dataSets[id.index], of: program, in: db)
        keys = try KeyIndex(layout, bytes: bytes, db)
        insert =
            events.newMembers == .add
            ? try RawStatement(
                db, "INSERT INTO \(layout.table) (id, key, gone) VALUES (?, ?, \(Presence.event))")
            : nil
    }

    /// The row of a member; nil when the member is not known and not to be added.
    func row(of key: UnsafeBufferPointer<UInt8>) throws -> Int64? {
        guard let insert else { return try keys.row(of: key) }
        let (row, isNew) = try keys.take(key)
        if isNew {
            insert.bind(1, row)
            insert.bind(2, staying: key)
            try insert.run()
        }
        return row
    }
}

/// The values of the column `gone`.
enum Presence {
    /// In the newest files; no longer in them; never in them, known from events only.
    static let file = 0
    static let gone = 1
    static let event = 2
}

/// A set of row ids.
struct RowSet {
    private var words: [UInt64] = []

    func contains(_ row: Int64) -> Bool {
        let word = Int(row >> 6)
        return word < words.count && words[word] >> UInt64(row & 63) & 1 != 0
    }

    mutating func insert(_ row: Int64) {
        let word = Int(row >> 6)
        if word >= words.count {
            words += [UInt64](repeating: 0, count: max(64, word + 1 - words.count, words.count))
        }
        words[word] |= 1 << UInt64(row & 63)
    }
}
