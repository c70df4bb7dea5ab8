import PitchSource

extension Lexer {
    private func isDigit(_ offset: Int) -> Bool {
        let value = byte(offset)
        return value >= 0x30 && value <= 0x39
    }

    private func digits(_ offset: Int) -> Int {
        var count = 0
        while count < 5, isDigit(offset + count) { count += 1 }
        return count
    }

    /// A number, date, instant or time.
    mutating func scanNumber() -> Token.Kind {
        let lead = digits(0)
        if lead == 4, byte(4) == UInt8(ascii: "-"), digits(5) == 2, byte(7) == UInt8(ascii: "-"),
            digits(8) == 2
        {
            position += 10
            return scanTimeAfterDate() ? .instant : .date
        }
        if let length = timeLength(0) {
            position += length
            return .time
        }
        let start = position
        while isDigit(0) || byte() == UInt8(ascii: "_") { position += 1 }
        if byte() == UInt8(ascii: "."), isDigit(1) {
            position += 1
            while isDigit(0) || byte() == UInt8(ascii: "_") { position += 1 }
        }
        checkUnderscores(start)
        return .number
    }

    /// The length of `09:30`, `09:30:15` or `09:30:15.250` at an offset; nil if none stands there.
    private func timeLength(_ offset: Int) -> Int? {
        let hours = digits(offset)
        guard hours == 1 || hours == 2, byte(offset + hours) == UInt8(ascii: ":"),
            digits(offset + hours + 1) == 2
        else { return nil }
        var length = hours + 3
        guard byte(offset + length) == UInt8(ascii: ":"), digits(offset + length + 1) == 2 else {
            return length
        }
        length += 3
        guard byte(offset + length) == UInt8(ascii: "."), isDigit(offset + length + 1) else {
            return length
        }
        length += 1
        while isDigit(offset + length) { length += 1 }
        return length
    }

    /// Reads the time and offset after a date, if they stand on its line.
    private mutating func scanTimeAfterDate() -> Bool {
        var offset = 0
        if byte() == UInt8(ascii: "T") {
            offset = 1
        } else {
            while byte(offset) == UInt8(ascii: " ") { offset += 1 }
        }
        guard offset > 0, let length = timeLength(offset) else { return false }
        position += offset + length
        if byte() == UInt8(ascii: "Z") {
            position += 1
        } else if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-"), digits(1) == 2,
            byte(3) == UInt8(ascii: ":"), digits(4) == 2
        {
            position += 6
        }
        return true
    }

    private mutating func checkUnderscores(_ start: Int) {
        let underscore = UInt8(ascii: "_")
        var isMalformed = bytes[position - 1] == underscore
        for offset in start..<position where bytes[offset] == underscore {
            let next = offset + 1 < position ? bytes[offset + 1] : underscore
            if next == underscore || next == UInt8(ascii: ".") { isMalformed = true }
        }
        guard isMalformed else { return }
        let plain = text(start, position).filter { $0 != "_" }
        diagnostics.append(
            Diagnostic(
                .malformedNumber, "'_' stands between two digits", at: range(start, position),
                fixIts: [
                    FixIt("write '\(plain)'", replace: range(start, position), with: plain)
                ]))
    }

    // MARK: - Text

    mutating func scanString() -> Token.Kind {
        let start = position
        let quote = bytes[position]
        if quote == UInt8(ascii: "\""), byte(1) == quote, byte(2) == quote {
            return scanLongString()
        }
        position += 1
        while position < end, bytes[position] != quote, bytes[position] != UInt8(ascii: "\n") {
            position += 1
        }
        if byte() == quote, position < end {
            position += 1
        } else {
            reportUnclosed(start, with: String(UnicodeScalar(quote)))
        }
        return .string
    }

    private mutating func scanLongString() -> Token.Kind {
        let start = position
        let quote = UInt8(ascii: "\"")
        position += 3
        while position < end {
            if bytes[position] == quote, byte(1) == quote, byte(2) == quote {
                position += 3
                return .longString
            }
            position += 1
        }
        position = start + 3
        while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        reportUnclosed(start, with: "\"\"\"")
        return .longString
    }

    /// Text between the quotes of another script.
    mutating func scanForeignString(_ start: Int, until closing: Unicode.Scalar) -> Token.Kind {
        let content = position
        let mark = Array(String(Character(closing)).utf8)
        while position < end, bytes[position] != UInt8(ascii: "\n") {
            if position + mark.count <= end,
                bytes[position..<position + mark.count].elementsEqual(mark)
            {
                let plain = "\"" + text(content, position) + "\""
                position += mark.count
                diagnostics.append(
                    Diagnostic(
                        .foreignMark, "text stands in straight quotes",
                        at: range(start, position),
                        fixIts: [
                            FixIt(
                                "write straight quotes", replace: range(start, position),
                                with: plain)
                        ]))
                return .string
            }
            position += 1
        }
        reportUnclosed(start, with: "\"")
        return .string
    }

    private mutating func reportUnclosed(_ start: Int, with quote: String) {
        if bytes[position - 1] == UInt8(ascii: "\r"), position - 1 > start { position -= 1 }
        endedInFault = true
        diagnostics.append(
            Diagnostic(
                .unclosedString, "expected \(quote) before end of line",
                at: range(start, position),
                help: "text begins and ends with the same quote",
                fixIts: [
                    FixIt("close the text", replace: range(position, position), with: quote)
                ]))
    }

    mutating func scanQuotedName() -> Token.Kind {
        let start = position
        position += 1
        while position < end, bytes[position] != UInt8(ascii: "`"),
            bytes[position] != UInt8(ascii: "\n")
        {
            position += 1
        }
        if byte() == UInt8(ascii: "`"), position < end, position > start + 1 {
            position += 1
            return .quotedName
        }
        let isEmpty = byte() == UInt8(ascii: "`")
        if isEmpty { position += 1 } else { endedInFault = true }
        diagnostics.append(
            Diagnostic(
                .unclosedName,
                isEmpty
                    ? "expected a name between the back-ticks"
                    : "expected a back-tick before end of line",
                at: range(start, position)))
        return .quotedName
    }
}
