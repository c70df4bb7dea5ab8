import PitchSource

/// Which of the program's data sets: an index into `Program.dataSets`.
package struct DataSetID: Hashable, Sendable {
    package let index: Int
    package init(_ index: Int) { self.index = index }
}

/// A field of one data set: indices into `Program.dataSets` and `DataSet.fields`.
package struct FieldID: Hashable, Sendable {
    package let dataSet: DataSetID
    package let index: Int
    package init(_ dataSet: DataSetID, _ index: Int) {
        self.dataSet = dataSet
        self.index = index
    }
}

/// Rows of one kind from one source: `members`, `events NAME` or `table NAME`, with its mapping.
package struct DataSet: Sendable {
    package enum Kind: String, Sendable { case members, events, table }
    package enum OnChange: String, Sendable { case ignore, replace }
    package enum NewMembers: String, Sendable { case add, quarantine }

    package let kind: Kind
    /// `members` for the members.
    package let name: String
    package var title: String?
    package let source: DataSource
    /// Stored fields in the order of the script, then fields that only `key`, `member` or `at`
    /// name. Computed fields are not here: the checker writes their expression in place of their
    /// name.
    package var fields: [Field]
    /// Fields that identify a row; empty: file and position do.
    package var key: [Int]
    /// Events: the field that holds the member's key. Its type is text. Nil for weather.
    package var member: Int?
    /// Weather: the field that holds the place, held as text. Its rows belong to no member.
    package var place: Int?
    /// Events: the field `at`, of type date or instant.
    package var at: Int?
    package var scene: Scene?
    /// Tables: whether it was declared as `history`; its fields are then those of `HistoryColumn`.
    package var isHistory = false
    /// For a key seen again: events `ignore` by default (a difference is counted as a conflict);
    /// members and tables always `replace`.
    package var onChange: OnChange
    /// Events of people the member file lacks; `quarantine` by default.
    package var newMembers: NewMembers
    /// Members and tables: rows that a later file no longer has count as gone and get nothing.
    package var absentGone: Bool
    /// More quarantined rows than this share (millionths of one) fail the load; nil: any number is
    /// accepted.
    package var quarantineLimit: Int64?
    package var range: SourceRange

    package init(
        kind: Kind, name: String, title: String? = nil, source: DataSource, fields: [Field],
        key: [Int] = [],
        member: Int? = nil, place: Int? = nil, at: Int? = nil, scene: Scene? = nil,
        onChange: OnChange = .ignore,
        newMembers: NewMembers = .quarantine, absentGone: Bool = false,
        quarantineLimit: Int64? = nil,
        range: SourceRange = .none
    ) {
        self.kind = kind
        self.name = name
        self.title = title
        self.source = source
        self.fields = fields
        self.key = key
        self.member = member
        self.place = place
        self.at = at
        self.scene = scene
        self.onChange = onChange
        self.newMembers = newMembers
        self.absentGone = absentGone
        self.quarantineLimit = quarantineLimit
        self.range = range
    }

    package func field(named name: String) -> Int? { fields.firstIndex { $0.name == name } }

    /// Events of places rather than of members.
    package var isWeather: Bool { kind == .events && scene == .weather }

    /// Events dated by day rather than by instant.
    package var isDated: Bool { at.map { fields[$0].type == .date } ?? false }
}

/// Where rows come from. Paths are relative to the script's folder.
package enum DataSource: Hashable, Sendable {
    /// `delimiter` is `,` unless declared. Files may be gzipped; `glob` may hold `*`, `?` and
    /// `[…]`.
    case csv(glob: String, delimiter: UInt8 = UInt8(ascii: ","))
    case ndjson(glob: String)
    case sqlite(path: String, table: String)
}

/// One column of the source, typed.
package struct Field: Sendable {
    package let name: String
    package let type: ValueType
    /// May be missing.
    package let isOptional: Bool
    /// The column's name in the source.
    package let column: String
    package var format: FieldFormat
    package var range: SourceRange

    package init(
        _ name: String, _ type: ValueType, isOptional: Bool = false, column: String? = nil,
        format: FieldFormat = FieldFormat(), range: SourceRange = .none
    ) {
        self.name = name
        self.type = type
        self.isOptional = isOptional
        self.column = column ?? name
        self.format = format
        self.range = range
    }
}

/// How a column's text is to be read where it is not ISO.
package struct FieldFormat: Hashable, Sendable {
    /// `dd/MM/yyyy` and the like, in the letters of Unicode TR35: y M d H h m s S a. Nil: ISO 8601.
    package var pattern: String?
    /// IANA zone of instants without an offset; nil: the project's zone.
    package var zone: String?
    package var decimalComma: Bool
    /// Accept more decimals than the type carries, and round half to even.
    package var rounds: Bool
    /// Between tags; `|` by default.
    package var separator: String

    package init(
        pattern: String? = nil, zone: String? = nil, decimalComma: Bool = false,
        rounds: Bool = false,
        separator: String = "|"
    ) {
        self.pattern = pattern
        self.zone = zone
        self.decimalComma = decimalComma
        self.rounds = rounds
        self.separator = separator
    }
}

/// What rows of events can be about: the seven scenes that a strategy can watch, coupons by what
/// was done with them.
package enum Scene: String, CaseIterable, Sendable {
    case purchase
    case topup
    case couponBought = "coupon bought"
    case couponUsed = "coupon used"
    case couponClaimed = "coupon claimed"
    case couponReturned = "coupon returned"
    case product
    case weather
}
