/// HMAC-SHA256 (RFC 2104): who holds the key can tell that a message came from another holder and
/// is unchanged.
package enum HMAC {
    /// The 32 bytes of a message's code.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? SHA256.digest(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        let inner = SHA256.digest(block.map { $0 ^ 0x36 } + message)
        return SHA256.digest(block.map { $0 ^ 0x5C } + inner)
    }
}
