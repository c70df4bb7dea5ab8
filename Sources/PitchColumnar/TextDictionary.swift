/// The different texts of a column, as UTF-8 one after another; a row holds the number of its text.
package struct TextDictionary: Sendable {
    package let bytes: ColumnBytes
    /// Text c is `bytes[offsets[c]..<offsets[c + 1]]`.
    package let offsets: PackedIntegers

    /// - Precondition: offsets ascend from 0 to the count of the bytes.
    package init(bytes: ColumnBytes, offsets: PackedIntegers) {
        self.bytes = bytes
        self.offsets = offsets
    }

    package init(_ texts: [String] = []) {
        var bytes: [UInt8] = []
        var offsets: [Int64] = [0]
        offsets.reserveCapacity(texts.count + 1)
        for text in texts {
            bytes += text.utf8
            offsets.append(Int64(bytes.count))
        }
        self.init(bytes, offsets: offsets)
    }

    /// - Parameter offsets: where texts begin, and the count of all bytes.
    package init(_ bytes: [UInt8], offsets: [Int64]) {
        self.bytes = ColumnBytes(bytes)
        self.offsets = PackedIntegers(offsets)
    }

    package var count: Int { Swift.max(0, offsets.count - 1) }

    package subscript(code: Int) -> String { String(decoding: utf8(code), as: UTF8.self) }

    /// A text's bytes, which live as long as the dictionary.
    package func utf8(_ code: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes.raw[Int(offsets[code])..<Int(offsets[code + 1])])
    }

    package var texts: [String] { (0..<count).map { self[$0] } }
}
