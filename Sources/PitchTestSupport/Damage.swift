/// An SQLite file with some bytes changed where something stands, and now and then a page cleared
/// or copied over another, or the end cut off.
/// - Parameter pageSize: the file holds two pages at least.
package func damagedPages(
    _ intact: [UInt8], pageSize: Int = 8192, _ generator: inout some RandomNumberGenerator
) -> [UInt8] {
    var bytes = intact
    for _ in 0..<Int.random(in: 1...8, using: &generator) {
        // Pages are mostly empty.
        var at = Int.random(in: 0..<bytes.count, using: &generator)
        for _ in 0..<6 where bytes[at] == 0 {
            at = Int.random(in: 0..<bytes.count, using: &generator)
        }
        bytes[at] = UInt8.random(in: 0...255, using: &generator)
    }
    let last = bytes.count / pageSize - 1
    let to = Int.random(in: 1...last, using: &generator) * pageSize
    let from = Int.random(in: 1...last, using: &generator) * pageSize
    switch Int.random(in: 0..<16, using: &generator) {
    case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    case 1: bytes.removeLast(pageSize * Int.random(in: 0...last, using: &generator))
    case 2: bytes.replaceSubrange(to..<to + pageSize, with: repeatElement(0, count: pageSize))
    case 3: bytes.replaceSubrange(to..<to + pageSize, with: intact[from..<from + pageSize])
    default: break
    }
    return bytes
}
