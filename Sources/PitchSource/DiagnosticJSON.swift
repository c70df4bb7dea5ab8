extension Diagnostic {
    /// All as one JSON object in one line: `{"format":1,"diagnostics":[…]}`. Lines and columns are
    /// from 1, columns count Unicode scalars; offsets are UTF-8 bytes from 0.
    package static func json(_ diagnostics: [Diagnostic], in sources: SourceSet) -> String {
        let list = diagnostics.map { $0.json(in: sources) }.joined(separator: ",")
        return "{\"format\":1,\"diagnostics\":[\(list)]}"
    }

    /// As one JSON object: code, severity, message, span, help, notes, fixIts.
    package func json(in sources: SourceSet) -> String {
        var members = [
            "\"code\":" + JSONText.quoted(code.id),
            "\"severity\":" + JSONText.quoted(severity.rawValue),
            "\"message\":" + JSONText.quoted(message),
        ]
        if let span = Self.span(range, in: sources) { members.append("\"span\":" + span) }
        if let help { members.append("\"help\":" + JSONText.quoted(help)) }
        if !notes.isEmpty {
            let list = notes.map { note in
                Self.object("message", note.message, note.range, in: sources)
            }
            members.append("\"notes\":[" + list.joined(separator: ",") + "]")
        }
        if !fixIts.isEmpty {
            let list = fixIts.map { fixIt in
                Self.object(
                    "message", fixIt.message, fixIt.range, in: sources,
                    more: ",\"replacement\":" + JSONText.quoted(fixIt.replacement))
            }
            members.append("\"fixIts\":[" + list.joined(separator: ",") + "]")
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func object(
        _ key: String, _ text: String, _ range: SourceRange, in sources: SourceSet,
        more: String = ""
    ) -> String {
        let place = span(range, in: sources).map { ",\"span\":" + $0 } ?? ""
        return "{\"\(key)\":" + JSONText.quoted(text) + place + more + "}"
    }

    private static func span(_ range: SourceRange, in sources: SourceSet) -> String? {
        guard let file = sources.file(of: range) else { return nil }
        func point(_ offset: Int32) -> String {
            let place = file.place(of: Int(offset))
            return "{\"offset\":\(offset),\"line\":\(place.line),\"column\":\(place.column)}"
        }
        return "{\"file\":" + JSONText.quoted(file.name) + ",\"start\":" + point(range.start)
            + ",\"end\":" + point(range.end) + "}"
    }
}
