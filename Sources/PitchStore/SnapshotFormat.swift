import PitchColumnar

/// The layout of a file of columns: a header, a table of sections, and the sections, each at a
/// multiple of 64 bytes. Numbers are little-endian.
///
/// Two files lie beside a store. `<store>-columns` holds all rows; `<store>-changes` those that
/// came or changed since. Both are written under another name and renamed, and never changed.
enum SnapshotFormat {
    /// "PtchCol" and the version.
    static let magic: UInt64 = 0x02_6C6F_4368_6374_50
    static let headerBytes = 64
    static let alignment = 64

    static func columnsPath(_ store: String) -> String { store + "-columns" }
    static func changesPath(_ store: String) -> String { store + "-changes" }

}

/// What stands at the beginning of a file.
struct SnapshotHeader: Equatable {
    /// Drawn when all columns were written; the changes of other columns do not fit.
    var generation: UInt64
    var sections: Int
    var tableHash: UInt64
    var fileBytes: UInt64

    /// Eight words; the last is the hash of the others.
    var words: [UInt64] {
        let words = [
            SnapshotFormat.magic, generation, UInt64(sections), tableHash, fileBytes, 0, 0,
        ]
        return words + [words.withUnsafeBytes(SectionHash.hash)]
    }

    init(generation: UInt64, sections: Int, tableHash: UInt64, fileBytes: UInt64) {
        self.generation = generation
        self.sections = sections
        self.tableHash = tableHash
        self.fileBytes = fileBytes
    }

    /// Nil when the words are no header.
    init?(_ words: [UInt64]) {
        guard words.count == 8, words[0] == SnapshotFormat.magic, words[2] < 1 << 32 else {
            return nil
        }
        self.init(
            generation: words[1], sections: Int(words[2]), tableHash: words[3],
            fileBytes: words[4])
        guard self.words == words else { return nil }
    }
}

/// One section of a file.
struct SnapshotSection {
    enum Role: Int64 {
        /// No bytes: parameters are the stamp of the rows, how many there are, and whether they
        /// replace all that the columns have of the data set (1) or change some (0).
        case dataSet = 1
        /// Packed numbers, or codes: parameters are width, base and scale.
        case integers, codes
        case textOffsets, textBytes, tagOffsets, tagCodes
        /// A bit a row that has no value.
        case missing
        /// Of events: where each member's begin, and all end.
        case memberOffsets
        /// The store's row ids.
        case ids
        /// Of changes: see `SplicePlan`; and the member of every row.
        case removed, inserts, members
        /// Of integers: see `ZoneMap`; the parameter is rows a zone.
        case zones
        /// Of events: see `TimeOrder.places`; the parameter is members a block.
        case timeOrder
        /// A bit a row that has a frequent tag: see `tagPlace`.
        case tagBits
    }

    /// Of the row in `data_set`.
    var dataSet: Int64
    var role: Role
    /// Which column; see `StoredLayout.Place.number`.
    var place: Int64 = 0
    var offset: UInt64 = 0
    var length: UInt64 = 0
    var hash: UInt64 = 0
    var parameters: [Int64] = [0, 0, 0]

    static let wordCount = 9

    /// The place of the rows of one tag of a column.
    static func tagPlace(_ place: Int64, code: Int) -> Int64 { place + Int64(code) << 32 }

    var words: [UInt64] {
        [UInt64(bitPattern: dataSet), UInt64(role.rawValue), UInt64(bitPattern: place)]
            + [offset, length, hash] + parameters.map { UInt64(bitPattern: $0) }
    }

    init(_ dataSet: Int64, _ role: Role, place: Int64 = 0, parameters: [Int64] = [0, 0, 0]) {
        self.dataSet = dataSet
        self.role = role
        self.place = place
        self.parameters = parameters
    }

    init?(_ words: ArraySlice<UInt64>) {
        let words = Array(words)
        guard words.count == Self.wordCount, words[1] < 1 << 32,
            let role = Role(rawValue: Int64(words[1]))
        else { return nil }
        self.init(
            Int64(bitPattern: words[0]), role, place: Int64(bitPattern: words[2]),
            parameters: words[6...].map { Int64(bitPattern: $0) })
        (offset, length, hash) = (words[3], words[4], words[5])
    }
}

extension StoredLayout.Place {
    /// The number of a column in files of columns.
    var number: Int64 {
        switch self {
        case .column(let place): Int64(place)
        case .key: -1
        case .member: -2
        case .at: -3
        }
    }
}
