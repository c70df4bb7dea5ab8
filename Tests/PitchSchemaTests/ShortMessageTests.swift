import PitchSchema
import Testing

@Suite("Short messages")
struct ShortMessageTests {
    private func text(_ character: String, _ count: Int) -> String {
        String(repeating: character, count: count)
    }

    @Test("160 septets alone, 153 in each of several")
    func sevenBits() {
        #expect(ShortMessage("").parts == 1)
        for (count, parts) in [(1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)] {
            let message = ShortMessage(text("a", count))
            #expect(message.encoding == .gsm7)
            #expect(message.units == count)
            #expect(message.parts == parts, "\(count)")
        }
    }

    @Test("70 units of UCS-2 alone, 67 in each of several")
    func sixteenBits() {
        for (count, parts) in [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)] {
            let message = ShortMessage(text("券", count))
            #expect(message.encoding == .ucs2)
            #expect(message.parts == parts, "\(count)")
        }
        // One letter that the default alphabet lacks turns all into UCS-2.
        #expect(ShortMessage(text("a", 100) + "ç").parts == 2)
        #expect(ShortMessage(text("a", 100) + "Ç").parts == 1)
    }

    @Test(
        "characters behind the escape count two",
        arguments: ["\u{C}", "^", "{", "}", "\\", "[", "~", "]", "|", "€"])
    func extended(character: String) {
        #expect(ShortMessage(character).units == 2)
        #expect(ShortMessage(text(character, 80)).parts == 1)
        #expect(ShortMessage(text(character, 81)).parts == 2)
        // 153 is odd: the last septet of a part stays empty.
        #expect(ShortMessage(text(character, 152)).parts == 2)
        #expect(ShortMessage(text(character, 153)).parts == 3)
    }

    @Test("a pair of UTF-16 units is not cut in two")
    func surrogates() {
        #expect(ShortMessage("😀").units == 2)
        #expect(ShortMessage(text("😀", 35)).parts == 1)
        #expect(ShortMessage(text("😀", 66)).parts == 2)
        #expect(ShortMessage(text("😀", 67)).parts == 3)
    }

    @Test("all 128 places of the default alphabet are there, the escape apart")
    func alphabet() {
        let scalars = (UInt32(0)...0xFFFF).compactMap(Unicode.Scalar.init)
        let single = scalars.filter {
            let message = ShortMessage(String($0))
            return message.encoding == .gsm7 && message.units == 1
        }
        #expect(single.count == 127)
        for absent in ["`", "ç", "\t", "á", "ê", "Α", "\u{1B}", "’"] {
            #expect(ShortMessage(absent).encoding == .ucs2, "\(absent)")
        }
    }
}
