import PitchSource

/// Faults as text and as JSON.
struct FaultText {
    let sources: SourceSet

    func text(_ diagnostics: [Diagnostic], colored: Bool) -> String {
        diagnostics.map { diagnostic in
            let file = sources.file(of: diagnostic.range)
            let place = file?.place(of: Int(diagnostic.range.start))
            return "\(file?.name ?? ""):\(place?.line ?? 0):\(place?.column ?? 0): \(diagnostic.severity.rawValue)[\(diagnostic.code.id)]: \(diagnostic.message)"
        }.joined(separator: "\n")
    }

    func json(_ diagnostic: Diagnostic) -> JSONValue {
        .object(
            [
                ("code", .string(diagnostic.code.id)),
                ("severity", .string(diagnostic.severity.rawValue)),
                ("message", .string(diagnostic.message)),
            ] + span(diagnostic.range) + [
                ("notes", .array(diagnostic.notes.map { note in
                    .object([("message", .string(note.message))] + span(note.range))
                })),
                ("help", .optional(diagnostic.help)),
                ("fixes", .array(diagnostic.fixIts.map { fix in
                    .object(
                        [("message", .string(fix.message))] + span(fix.range)
                            + [("replacement", .string(fix.replacement))])
                })),
            ])
    }

    private func span(_ range: SourceRange) -> [(String, JSONValue)] {
        guard let file = sources.file(of: range) else { return [("file", .null)] }
        let start = file.place(of: Int(range.start))
        let end = file.place(of: Int(range.end))
        return [
            ("file", .string(file.name)),
            ("start", place(start, Int(range.start))), ("end", place(end, Int(range.end))),
        ]
    }

    private func place(_ place: (line: Int, column: Int), _ offset: Int) -> JSONValue {
        .object([
            ("line", .int(place.line)), ("column", .int(place.column)), ("offset", .int(offset)),
        ])
    }
}
