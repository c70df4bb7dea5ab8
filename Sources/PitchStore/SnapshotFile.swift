import Foundation
import PitchColumnar
import Synchronization

/// A file of columns, mapped into memory. What it says of itself is verified when it is opened,
/// and each section before its first use.
final class SnapshotFile: Sendable {
    /// A section that is not as it was written, or is not there.
    struct Damage: Error {}

    private struct Name: Hashable {
        let dataSet: Int64
        let role: Int64
        let place: Int64
    }

    let path: String
    let generation: UInt64
    /// Bytes of the whole file.
    var byteCount: Int { memory.count }
    private let memory: ColumnBytes
    private let sections: [Name: SnapshotSection]
    private let verified = Mutex<Set<Name>>([])

    /// Nil when there is no such file.
    /// - Throws: `Damage` when there is one that is not whole.
    init?(_ path: String) throws {
        guard let mapping = FileMapping(path) else { return nil }
        self.path = path
        memory = mapping.bytes
        let raw = memory.raw
        func words(_ range: Range<Int>) throws -> [UInt64] {
            guard range.upperBound <= raw.count else { throw Damage() }
            return stride(from: range.lowerBound, to: range.upperBound, by: 8).map {
                raw.load(fromByteOffset: $0, as: UInt64.self)
            }
        }
        let start = SnapshotFormat.headerBytes
        guard let header = SnapshotHeader(try words(0..<start)),
            header.fileBytes == UInt64(raw.count), header.sections <= raw.count / 8
        else { throw Damage() }
        generation = header.generation
        let table = try words(
            start..<start + header.sections * SnapshotSection.wordCount * 8)
        guard table.withUnsafeBytes(SectionHash.hash) == header.tableHash else {
            throw Damage()
        }
        var sections: [Name: SnapshotSection] = [:]
        for index in 0..<header.sections {
            let first = index * SnapshotSection.wordCount
            guard let section = SnapshotSection(table[first..<first + SnapshotSection.wordCount]),
                section.offset <= UInt64(raw.count),
                section.length <= UInt64(raw.count) - section.offset
            else { throw Damage() }
            let name = Name(
                dataSet: section.dataSet, role: section.role.rawValue, place: section.place)
            sections[name] = section
        }
        self.sections = sections
    }

    /// What stands in the table; nil when the file has no such section.
    func section(
        _ dataSet: Int64, _ role: SnapshotSection.Role, place: Int64 = 0
    ) -> SnapshotSection? {
        sections[Name(dataSet: dataSet, role: role.rawValue, place: place)]
    }

    /// The columns of a data set that the file has.
    func places(of dataSet: Int64) -> Set<Int64> {
        let values: [SnapshotSection.Role] = [.integers, .codes, .tagCodes]
        return Set(
            sections.values.filter { $0.dataSet == dataSet && values.contains($0.role) }
                .map(\.place))
    }

    /// Everything there is of a data set, in a fixed order.
    func sections(of dataSet: Int64) throws -> [(section: SnapshotSection, bytes: ColumnBytes)] {
        let wanted = sections.values.filter { $0.dataSet == dataSet }
            .sorted { $0.offset < $1.offset }
        return try wanted.map { ($0, try bytes(of: $0)) }
    }

    /// The bytes of a section, verified.
    func bytes(
        _ dataSet: Int64, _ role: SnapshotSection.Role, place: Int64 = 0
    ) throws -> ColumnBytes {
        guard let section = section(dataSet, role, place: place) else { throw Damage() }
        return try bytes(of: section)
    }

    private func bytes(of section: SnapshotSection) throws -> ColumnBytes {
        let bytes = memory.part(Int(section.offset), count: Int(section.length))
        let name = Name(
            dataSet: section.dataSet, role: section.role.rawValue, place: section.place)
        if verified.withLock({ $0.contains(name) }) { return bytes }
        guard SectionHash.hash(bytes.raw) == section.hash else { throw Damage() }
        verified.withLock { _ = $0.insert(name) }
        return bytes
    }

    func integers(
        _ dataSet: Int64, _ role: SnapshotSection.Role, place: Int64 = 0
    ) throws -> PackedIntegers {
        guard let section = section(dataSet, role, place: place),
            let width = PackedIntegers.Width(
                rawValue: UInt8(truncatingIfNeeded: section.parameters[0])),
            section.parameters[2] > 0
        else { throw Damage() }
        return PackedIntegers(
            bytes: try bytes(of: section), width: width, base: section.parameters[1],
            scale: section.parameters[2])
    }

    func texts(_ dataSet: Int64, place: Int64) throws -> TextDictionary {
        TextDictionary(
            bytes: try bytes(dataSet, .textBytes, place: place),
            offsets: try integers(dataSet, .textOffsets, place: place))
    }

    func missing(_ dataSet: Int64, place: Int64, count: Int) throws -> Bitmap? {
        guard section(dataSet, .missing, place: place) != nil else { return nil }
        let words = try bytes(dataSet, .missing, place: place).bound(to: UInt64.self)
        guard words.count == (count + 63) / 64 else { throw Damage() }
        return Bitmap(words: Array(words), count: count)
    }

    /// Nil when the file has none.
    func zones(_ dataSet: Int64, place: Int64, count: Int) throws -> ZoneMap? {
        guard let section = section(dataSet, .zones, place: place) else { return nil }
        let rows = Int(section.parameters[0])
        guard let zones = ZoneMap(bytes: try bytes(of: section), rows: rows, count: count) else {
            throw Damage()
        }
        return zones
    }

    /// The rows of frequent tags.
    func keptTags(_ dataSet: Int64, place: Int64) -> KeptTagBits {
        KeptTagBits { code in
            let place = SnapshotSection.tagPlace(place, code: code)
            guard let section = self.section(dataSet, .tagBits, place: place) else { return nil }
            return self.bytesOrNone(of: section)
        }
    }

    /// Of a section that is not needed; a damaged file is removed.
    func bytesOrNone(of section: SnapshotSection) -> ColumnBytes? {
        do {
            return try bytes(of: section)
        } catch {
            unlink(path)
            return nil
        }
    }

    /// Verifies every section.
    func verify() throws {
        for section in sections.values { _ = try bytes(of: section) }
    }
}

/// A whole file in memory, as it was when it was mapped: files of columns are replaced, never
/// changed.
private struct FileMapping {
    let bytes: ColumnBytes

    private final class Region {
        let start: UnsafeMutableRawPointer
        let count: Int

        init(start: UnsafeMutableRawPointer, count: Int) {
            self.start = start
            self.count = count
        }

        deinit { munmap(start, count) }
    }

    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Foundation.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        let count = Int(status.st_size)
        if count == 0 {
            bytes = ColumnBytes(count: 0) { _ in }
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { return nil }
        let region = Region(start: start, count: count)
        bytes = ColumnBytes(start: start, count: count, owner: region)
    }
}
