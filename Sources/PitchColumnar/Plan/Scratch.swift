/// Memory of one thread for masks, rows and numbers of a chunk. What was taken since a mark is
/// given back at once, so once a chunk has been through nothing more is allocated.
final class Scratch {
    /// The most rows of a chunk.
    let rows: Int
    private let maskBytes: Int
    private let slabBytes: Int
    private var slabs: [UnsafeMutableRawPointer] = []
    private var top = Mark(slab: 0, offset: 0)

    /// What is taken, up to here.
    struct Mark {
        fileprivate var slab: Int
        fileprivate var offset: Int
    }

    init(rows: Int) {
        self.rows = rows
        maskBytes = max(64, (rows + 511) / 512 * 64)
        // Two pieces of the largest kind, 8 bytes a row.
        slabBytes = max(1 << 16, rows * 16)
    }

    deinit { slabs.forEach { $0.deallocate() } }

    var mark: Mark { top }

    func release(to mark: Mark) { top = mark }

    /// A mask of a chunk, with anything in it.
    func mask() -> MaskWords { take(maskBytes).assumingMemoryBound(to: UInt64.self) }

    /// Room for a row number a row.
    func list() -> UnsafeMutablePointer<Int32> {
        take(rows * 4).assumingMemoryBound(to: Int32.self)
    }

    /// Room for 8 bytes a row.
    func column() -> UnsafeMutableRawPointer { take(rows * 8) }

    func masks(isNullable: Bool, canFail: Bool) -> TruthMasks {
        let isTrue = mask()
        return TruthMasks(
            isTrue: isTrue, isPossible: isNullable ? mask() : isTrue,
            failed: canFail ? mask() : nil)
    }

    private func take(_ bytes: Int) -> UnsafeMutableRawPointer {
        var place = top
        if place.offset + bytes > slabBytes { place = Mark(slab: place.slab + 1, offset: 0) }
        while place.slab >= slabs.count {
            slabs.append(.allocate(byteCount: slabBytes, alignment: 64))
        }
        top = Mark(slab: place.slab, offset: place.offset + bytes)
        return slabs[place.slab] + place.offset
    }
}
