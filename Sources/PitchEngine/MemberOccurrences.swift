import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// Members who joined, or who came into a segment, since the strategy looked last. The first look
/// records who is there and is about nobody.
struct MemberOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    /// Which rows the strategy has seen, by data set.
    let seen: [String: LedgerFeed]
    /// Whom it found in segments, by their names.
    let inside: [String: LedgerInsiders]
    /// Only this member; nil: everyone.
    let member: Int?

    private var program: Program { base.program }
    private var now: Int64 { base.moment.now }

    static let joined = "member joined"
    static func entering(_ segment: String) -> String { "member enters " + segment }

    /// A member to whom something happened.
    private struct Candidate {
        let member: Int
        let at: Int64
        let isTooLate: Bool
    }

    func find(into sighting: inout Sighting) throws {
        try findJoined(into: &sighting)
        var segments: [DefinitionID] = []
        for case .enters(let segment) in strategy.triggers.map(\.source)
        where !segments.contains(segment) { segments.append(segment) }
        for segment in segments { try findEntering(segment, into: &sighting) }
    }

    // MARK: - New rows

    private func findJoined(into sighting: inout Sighting) throws {
        guard let members = program.members, let field = joinedField else { return }
        let name = program.dataSets[members.index].name
        let known = seen[name]
        sighting.feeds.append(
            LedgerFeed(
                dataSet: name, startedAt: known?.startedAt ?? now, highRow: Int64(base.memberCount),
                judgedAt: now, beforeStart: known?.beforeStart ?? Int64(base.memberCount)))
        guard let known else { return }
        let first = min(Int(clamping: known.highRow), base.memberCount)
        let new = (first..<base.memberCount).filter { member == nil || member == $0 }
        base.count(read: new.count)
        let candidates = try joined(new.filter(base.isPresent), field, since: known.startedAt)
        sighting.occasions += try occasions(
            candidates, feed: Self.joined, key: { Int64($0) + 1 }
        ) { if case .joined = $0 { true } else { false } }
    }

    /// The field that says when members joined; nil twice: no line asks.
    private var joinedField: Int?? {
        strategy.triggers.lazy.compactMap { trigger -> Int?? in
            if case .joined(let field) = trigger.source { .some(field) } else { nil }
        }.first
    }

    /// When these members joined: as their row says, or now, when it arrived.
    private func joined(_ new: [Int], _ field: Int?, since startedAt: Int64) throws -> [Candidate] {
        guard let field, let members = program.members else {
            return new.map { Candidate(member: $0, at: now, isTooLate: false) }
        }
        let type = program.dataSets[members.index].fields[field].type
        let records = try base.shallowRecords(
            of: new, for: Expression(.memberField(field), type))
        let reading = FeedReading(
            strategy: strategy, base: base, seen: seen, origin: now, member: member)
        let start = reading.start(from: startedAt)
        let (zone, fresh) = (base.moment.zone, strategy.freshFor(.joined(field)))
        return zip(new, records).map { member, record in
            guard let raw = record.values[field].raw else {
                return Candidate(member: member, at: now, isTooLate: false)
            }
            let isDated = type == .date
            let at = isDated ? zone.instant(day: Int32(clamping: raw)) : raw
            return Candidate(
                member: member, at: min(at, now),
                isTooLate: reading.isTooLate(raw, isDated: isDated, start: start, fresh: fresh))
        }
    }

    // MARK: - Segments

    private func findEntering(_ id: DefinitionID, into sighting: inout Sighting) throws {
        let segment = program.definitions[id.index]
        let condition = program.meaning(of: id)
        let known = inside[segment.name].flatMap { $0.condition == condition ? $0.members : nil }
        var former = Bitmap(count: base.memberCount)
        for number in known?.rows ?? [] where number < base.memberCount {
            former[Int(number)] = true
        }
        let (isIn, isOut) = try standing(segment.expression)
        // Who is neither stays as before: missing data is no leaving.
        let now = former.combined(with: isOut) { $0 & ~$1 }.combined(with: isIn, |)
        sighting.insiders.append(
            LedgerInsiders(
                segment: segment.name, condition: condition, judgedAt: self.now, members: now))
        if known == nil { return }
        let entering = base.present(isIn.combined(with: former) { $0 & ~$1 })
        let candidates = entering.rows.map {
            Candidate(member: Int($0), at: self.now, isTooLate: false)
        }
        sighting.occasions += try occasions(
            candidates, feed: Self.entering(segment.name), key: { _ in self.now }
        ) { if case .enters(id) = $0 { true } else { false } }
    }

    /// For whom a condition is true, and for whom false.
    private func standing(_ condition: Expression) throws -> (isIn: Bitmap, isOut: Bitmap) {
        guard let member else {
            let selection =
                try base.conditions.selection(of: condition) ?? base.runtime.select(condition)
            let isDecided = selection.isKnown.combined(with: selection.failed) { $0 & ~$1 }
            return (
                isDecided.combined(with: selection.isTrue, &),
                isDecided.combined(with: selection.isTrue) { $0 & ~$1 }
            )
        }
        var masks = (isIn: Bitmap(count: base.memberCount), isOut: Bitmap(count: base.memberCount))
        switch try base.answers(to: condition, for: [Int32(member)], isByRow: true)[0] {
        case .yes: masks.isIn[member] = true
        case .no: masks.isOut[member] = true
        case .unknown, .failed: break
        }
        return masks
    }

    // MARK: - Lines

    /// Those whom a line matches that watches for this.
    private func occasions(
        _ candidates: [Candidate], feed: String, key: (Int) -> Int64,
        isAbout: (Trigger.Source) -> Bool
    ) throws -> [Occasion] {
        if candidates.isEmpty { return [] }
        let lines = strategy.triggers.indices.filter { isAbout(strategy.triggers[$0].source) }
        let filters = lines.map { strategy.triggers[$0].filter }
        if member == nil {
            try base.prefetch(filters.compactMap { $0 }, for: candidates.count)
        }
        let members = candidates.map { Int32($0.member) }
        let answers = try filters.map { filter in
            try filter.map { try base.answers(to: $0, for: members, isByRow: member != nil) }
        }
        return candidates.enumerated().compactMap { place, candidate in
            let match = LineMatch(lines: lines, answers: answers.map { $0?[place] ?? .yes })
            return match.map { match in
                Occasion(
                    member: candidate.member, feed: feed, key: key(candidate.member),
                    at: candidate.at, trigger: match.lines[0],
                    alsoMatched: Array(match.lines.dropFirst()),
                    settled: candidate.isTooLate ? .tooLate : match.fails ? .failed : nil, rows: [],
                    dataSet: nil, label: "")
            }
        }
    }
}

extension Program {
    /// What a segment means, with all that it names: while that is the same, so is the segment.
    func meaning(of id: DefinitionID) -> String {
        let printer = ProgramPrinter(self)
        var texts: [String] = []
        var open = [id]
        var done: Set<DefinitionID> = []
        while let next = open.popLast() {
            guard done.insert(next).inserted else { continue }
            let definition = definitions[next.index]
            texts.append("\(definition.name) = \(printer.text(definition.expression))")
            open += definition.expression.named
        }
        return SHA256.digest(Array(texts.joined(separator: "\n").utf8))
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Expression {
    /// The definitions that it names.
    fileprivate var named: [DefinitionID] {
        if case .definition(let id) = node { return [id] }
        return operands.flatMap(\.named)
    }
}
