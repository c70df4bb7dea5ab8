/// The fields of one row of CSV, as libcsv hands them over: their bytes one after the other.
///
/// libcsv's calls change it through a pointer to it; so a field costs a copy of its bytes and
/// neither an object nor a count of references.
struct CsvRow {
    private var bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 12)
    /// Where each field ends in `bytes`.
    private var ends: [Int] = []
    private(set) var isComplete = false

    var count: Int { ends.count }

    func field(_ place: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]])
    }

    mutating func append(_ field: UnsafeRawBufferPointer) {
        let start = ends.last ?? 0
        let end = start + field.count
        if end > bytes.count { grow(to: end) }
        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[start...])
            .copyMemory(from: field)
        ends.append(end)
    }

    private mutating func grow(to count: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * count)
        _ = larger.update(fromContentsOf: bytes)
        bytes.deallocate()
        bytes = larger
    }

    mutating func complete() { isComplete = true }

    mutating func removeAll() {
        ends.removeAll(keepingCapacity: true)
        isComplete = false
    }

    func deallocate() { bytes.deallocate() }

    /// What libcsv calls at the end of each field; the context is a pointer to a row.
    static let append:
        @convention(c) @Sendable (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void =
            { text, length, context in
                context?.assumingMemoryBound(to: CsvRow.self).pointee
                    .append(UnsafeRawBufferPointer(start: text, count: length))
            }

    /// What libcsv calls at the end of each row.
    static let complete: @convention(c) @Sendable (Int32, UnsafeMutableRawPointer?) -> Void =
        { _, context in context?.assumingMemoryBound(to: CsvRow.self).pointee.complete() }
}
