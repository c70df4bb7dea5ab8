import Dispatch
import Synchronization

/// Members in chunks of a fixed size that threads take one after another. Sums are made chunk by
/// chunk in order, so neither the number of threads nor their timing changes a result.
struct Chunks: Sendable {
    let members: Int
    let threads: Int

    /// Members of a block whose lanes stay in the first-level cache.
    static let blockMembers = 2048
    var chunkMembers = 16 * blockMembers

    /// The answers of `body` for all chunks, in order of members.
    func map<Answer: Sendable>(_ body: @Sendable (Range<Int>) -> Answer) -> [Answer] {
        let count = (members + chunkMembers - 1) / chunkMembers
        @Sendable func chunk(_ index: Int) -> Range<Int> {
            let start = index * chunkMembers
            return start..<min(members, start + chunkMembers)
        }
        guard threads > 1, count > 1 else { return (0..<count).map { body(chunk($0)) } }
        let next = Atomic<Int>(0)
        let answers = Mutex<[Answer?]>(Array(repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= count { return }
                let answer = body(chunk(index))
                answers.withLock { $0[index] = answer }
            }
        }
        return answers.withLock { $0.compactMap(\.self) }
    }

    /// Splits a chunk into blocks.
    @inline(__always)
    static func forEachBlock(of chunk: Range<Int>, _ body: (Range<Int>) -> Void) {
        for start in stride(from: chunk.lowerBound, to: chunk.upperBound, by: blockMembers) {
            body(start..<min(chunk.upperBound, start + blockMembers))
        }
    }
}

/// An array whose parts threads write apart from each other.
// Unchecked: every chunk writes the entries of its own members only.
struct Slots<Element>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>

    @inline(__always)
    subscript(_ index: Int) -> Element {
        get { base[index] }
        nonmutating set { base[index] = newValue }
    }
}
