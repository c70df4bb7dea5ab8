import Foundation

/// A rough reading of a Swift file: its lines without comments and strings, and its functions.
struct SwiftOutline {
    struct Function {
        let name: String
        let firstLine: Int
        /// Lines from the head to the closing brace, flat switches left out.
        let length: Int
    }

    /// Every line, with comments and the contents of strings blanked.
    let code: [String]
    /// Lines within a text of several lines: they are data, not code.
    private let isText: [Bool]

    init(_ file: TextFile) {
        var code: [String] = []
        var isText: [Bool] = []
        var isInLongString = false
        for line in file.lines {
            isText.append(isInLongString)
            code.append(Self.strip(line, &isInLongString))
        }
        self.code = code
        self.isText = isText
    }

    private static func strip(_ line: String, _ isInLongString: inout Bool) -> String {
        if !isInLongString, !line.utf8.contains(where: { $0 == 0x22 || $0 == 0x2F }) { return line }
        var result = ""
        var rest = Substring(line)
        var isInString = false
        while let character = rest.first {
            if rest.hasPrefix("\"\"\"") {
                isInLongString.toggle()
                rest = rest.dropFirst(3)
            } else if isInLongString {
                rest = rest.dropFirst()
            } else if isInString, character == "\\" {
                rest = rest.dropFirst(2)
            } else if character == "\"" {
                isInString.toggle()
                rest = rest.dropFirst()
            } else if isInString {
                rest = rest.dropFirst()
            } else if rest.hasPrefix("//") {
                return result
            } else {
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    var functions: [Function] {
        var functions: [Function] = []
        var open: [(name: String, line: Int, depth: Int)] = []
        var depth = 0
        var pending: (name: String, line: Int)?
        for (index, line) in code.enumerated() {
            let mayBegin = ["func ", "init", "subscript"].contains(where: line.contains)
            let header = #/\bfunc +([^\s(<]+)|\b(init)[?!]?[(<]|\b(subscript)\b/#
            if mayBegin, let match = line.firstMatch(of: header),
                !line.contains(".init(")
            {
                pending = (String(match.1 ?? match.2 ?? match.3 ?? ""), index)
            }
            for character in line {
                if character == "{" {
                    depth += 1
                    if let head = pending { open.append((head.name, head.line, depth)) }
                    pending = nil
                } else if character == "}" {
                    if let last = open.last, last.depth == depth {
                        functions.append(function(last.name, last.line, index))
                        open.removeLast()
                    }
                    depth -= 1
                }
            }
        }
        return functions
    }

    private func function(_ name: String, _ first: Int, _ last: Int) -> Function {
        var length = 0
        var line = first
        while line <= last {
            if let end = flatSwitch(from: line), end <= last {
                line = end + 1
            } else {
                length += isText[line] ? 0 : 1
                line += 1
            }
        }
        return Function(name: name, firstLine: first + 1, length: length)
    }

    /// The last line of a switch that begins here, if none of its cases is longer than six lines.
    private func flatSwitch(from first: Int) -> Int? {
        guard code[first].contains("switch "), code[first].hasSuffix("{") else { return nil }
        let indent = code[first].prefix { $0 == " " }.count
        var caseLength = 0
        for line in (first + 1)..<code.count {
            let text = code[line].drop { $0 == " " }
            if text.isEmpty { continue }
            if code[line].prefix(while: { $0 == " " }).count <= indent, text.hasPrefix("}") {
                return line
            }
            caseLength = text.hasPrefix("case ") || text.hasPrefix("default") ? 0 : caseLength + 1
            if caseLength > 6 { return nil }
        }
        return nil
    }
}
