import Foundation
import PitchColumnar

/// Gathers sections and writes them as one file, under another name until it is whole.
struct SnapshotWriter {
    private let generation: UInt64
    private var sections: [(section: SnapshotSection, bytes: ColumnBytes)] = []

    init(generation: UInt64) { self.generation = generation }

    mutating func add(_ section: SnapshotSection, _ bytes: ColumnBytes) {
        var section = section
        section.length = UInt64(bytes.count)
        sections.append((section, bytes))
    }

    /// A section without bytes.
    mutating func add(_ section: SnapshotSection) {
        add(section, ColumnBytes(count: 0) { _ in })
    }

    mutating func add(
        _ numbers: PackedIntegers, _ dataSet: Int64, _ role: SnapshotSection.Role,
        place: Int64 = 0
    ) {
        let parameters = [Int64(numbers.width.rawValue), numbers.base, numbers.scale]
        add(
            SnapshotSection(dataSet, role, place: place, parameters: parameters), numbers.bytes)
    }

    mutating func add(_ column: ColumnVector, _ dataSet: Int64, place: Int64) {
        switch column.payload {
        case .integers(let values): add(values, dataSet, .integers, place: place)
        case .codes(let codes, let texts):
            add(codes, dataSet, .codes, place: place)
            add(texts, dataSet, place: place)
        case .tags(let offsets, let codes, let texts):
            add(offsets, dataSet, .tagOffsets, place: place)
            add(codes, dataSet, .tagCodes, place: place)
            add(texts, dataSet, place: place)
        }
        guard let missing = column.missing else { return }
        add(missing, SnapshotSection(dataSet, .missing, place: place))
    }

    private mutating func add(_ bits: Bitmap, _ section: SnapshotSection) {
        let bytes = ColumnBytes(count: bits.words.count * 8) { start in
            bits.words.withUnsafeBytes { words in
                if let first = words.baseAddress {
                    start.copyMemory(from: first, byteCount: words.count)
                }
            }
        }
        add(section, bytes)
    }

    /// What of a whole column answers questions sooner than its values.
    mutating func addIndex(of column: ColumnVector, _ dataSet: Int64, place: Int64) {
        switch column.payload {
        case .integers(let values):
            let zones = column.zones ?? ZoneMap(values, missing: column.missing)
            let parameters = [Int64(zones.rows), 0, 0]
            add(
                SnapshotSection(dataSet, .zones, place: place, parameters: parameters),
                zones.bytes)
        case .codes: break
        case .tags(let offsets, let codes, let texts):
            let tags = FrequentTags(offsets: offsets, codes: codes, tagCount: texts.count)
            for (code, rows) in tags.bits {
                let place = SnapshotSection.tagPlace(place, code: code)
                add(rows, SnapshotSection(dataSet, .tagBits, place: place))
            }
        }
    }

    mutating func add(_ texts: TextDictionary, _ dataSet: Int64, place: Int64) {
        add(texts.offsets, dataSet, .textOffsets, place: place)
        add(SnapshotSection(dataSet, .textBytes, place: place), texts.bytes)
    }

    /// How many bytes the file has.
    var byteCount: Int {
        sections.reduce(Self.aligned(tableEnd)) { $0 + Self.aligned($1.bytes.count) }
    }

    private var tableEnd: Int {
        SnapshotFormat.headerBytes + sections.count * SnapshotSection.wordCount * 8
    }

    private static func aligned(_ count: Int) -> Int {
        (count + SnapshotFormat.alignment - 1) / SnapshotFormat.alignment
            * SnapshotFormat.alignment
    }

    /// Writes the file, whole and safe against a loss of power, or leaves what was there.
    /// - Throws: `StoreError` of what the file system says.
    func write(to path: String) throws {
        let action = "write '\(path)'"
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StoreError(errno: errno, action) }
        do {
            defer { Foundation.close(descriptor) }
            try write(to: descriptor, action)
            guard fsync(descriptor) == 0 else { throw StoreError(errno: errno, action) }
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, path) == 0 else {
            let code = errno
            unlink(draft)
            throw StoreError(errno: code, action)
        }
        Self.syncFolder(of: path)
    }

    private func write(to descriptor: Int32, _ action: String) throws {
        var table: [UInt64] = []
        var offset = Self.aligned(tableEnd)
        for (section, bytes) in sections {
            var section = section
            section.offset = UInt64(offset)
            section.hash = SectionHash.hash(bytes.raw)
            table += section.words
            offset += Self.aligned(bytes.count)
        }
        let header = SnapshotHeader(
            generation: generation, sections: sections.count,
            tableHash: table.withUnsafeBytes(SectionHash.hash), fileBytes: UInt64(offset))
        let padding = [UInt8](repeating: 0, count: SnapshotFormat.alignment)
        func put(_ bytes: UnsafeRawBufferPointer) throws {
            try Self.write(bytes, to: descriptor, action)
        }
        func pad(after count: Int) throws {
            try padding.withUnsafeBytes {
                try put(UnsafeRawBufferPointer(rebasing: $0.prefix(Self.aligned(count) - count)))
            }
        }
        try (header.words + table).withUnsafeBytes(put)
        try pad(after: tableEnd)
        for (_, bytes) in sections {
            try put(bytes.raw)
            try pad(after: bytes.count)
        }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ action: String
    ) throws {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = Foundation.write(descriptor, start, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw StoreError(errno: errno, action) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
    }

    private static func syncFolder(of path: String) {
        let folder = (StoreFile.absolute(path) as NSString).deletingLastPathComponent
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        Foundation.close(descriptor)
    }
}
