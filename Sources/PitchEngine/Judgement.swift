import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema

/// Who of those that a strategy sighted may get it: the segment, `if`, and the guards that ask
/// only about the member. Days are judged by the cohort, events one by one.
struct Judgement {
    let plan: Plan
    let strategy: Strategy
    let base: CustomerBase
    /// Reads the rows of whom it judges one at a time, and no columns: for one member.
    let isByRow: Bool

    private var program: Program { base.program }

    /// What is known about an occasion before budget and stock are shared out.
    enum Standing {
        case settled(OutcomeReason)
        /// May get the offer: by this channel, with this text; nil when nothing is said.
        case candidate(Route?)
    }

    struct Route {
        /// Index into `Program.channels`.
        let channel: Int
        let address: String
        /// The text with its holes filled, but for what only issuing knows.
        let text: MessageText
        /// Nil where the channel asks for none.
        let size: MessageSize?
        /// What the message costs, in millionths of a minor unit.
        let costMicro: Int64
    }

    /// One standing an occasion.
    func judge(_ occasions: [Occasion]) throws -> [Standing] {
        var standings: [Standing] = occasions.map { occasion in
            occasion.settled.map { .settled($0) } ?? .candidate(nil)
        }
        if occasions.isEmpty { return standings }
        if !isByRow {
            try base.prefetch(
                [strategy.audience, strategy.condition].compactMap { $0 }, for: occasions.count)
        }
        if let audience = strategy.audience {
            try narrow(&standings, occasions, by: audience, otherwise: .notInSegment)
        }
        if let condition = strategy.condition {
            try narrow(&standings, occasions, by: condition, otherwise: .conditionNotMet)
        }
        if let say = strategy.say { try router(of: standings).route(&standings, occasions, say) }
        return standings
    }

    /// Names and addresses differ from member to member: of few, the rows are read, not columns.
    private func router(of standings: [Standing]) -> Judgement {
        let areFew = base.areFew(open(standings).count)
        return Judgement(
            plan: plan, strategy: strategy, base: base, isByRow: isByRow || areFew)
    }

    /// The fields that decide on consent and reach.
    private var memberFields: [Int] {
        guard let say = strategy.say else { return [] }
        let isAsked = program.messages[say.message].class != .service
        return say.channels.flatMap { index in
            let channel = program.channels[index]
            return [channel.address] + (isAsked ? [channel.consent].compactMap { $0 } : [])
        }
    }

    private func open(_ standings: [Standing]) -> [Int] {
        standings.indices.filter {
            if case .candidate = standings[$0] { true } else { false }
        }
    }

    private func narrow(
        _ standings: inout [Standing], _ occasions: [Occasion], by predicate: Expression,
        otherwise reason: OutcomeReason
    ) throws {
        let open = open(standings).filter { !occasions[$0].isSelected }
        if open.isEmpty { return }
        let answers = try base.answers(
            to: predicate, for: open.map { Int32(occasions[$0].member) }, isByRow: isByRow
        ) { occurrence(of: occasions[open[$0]]) }
        for (place, answer) in zip(open, answers) {
            switch answer {
            case .yes: break
            case .no: standings[place] = .settled(reason)
            case .unknown: standings[place] = .settled(.unknown)
            case .failed: standings[place] = .settled(.failed)
            }
        }
    }

    /// The members of a cohort whom the segment and `if` select; the others join their crowds.
    func select(_ cohort: Cohort, into crowds: inout Crowds) throws -> [Int32] {
        if let settled = cohort.settled {
            crowds.add(cohort.members, of: cohort, settled)
            return []
        }
        var selected = cohort.members
        let conditions: [(predicate: Expression?, otherwise: OutcomeReason)] = [
            (strategy.audience, .notInSegment), (strategy.condition, .conditionNotMet),
        ]
        for (predicate, otherwise) in conditions {
            guard let predicate, let someone = selected.first else { continue }
            if !isByRow { try base.prefetch([predicate], for: selected.count) }
            // A day is the same for all of a cohort, and so is what `this` reads.
            let this = occurrence(of: cohort.occasion(of: someone))
            let answers = try base.answers(
                to: predicate.bound(to: this), for: selected, isByRow: isByRow)
            var members: [Answer: [Int32]] = [:]
            for (member, answer) in zip(selected, answers) {
                members[answer, default: []].append(member)
            }
            crowds.add(members[.no] ?? [], of: cohort, otherwise)
            crowds.add(members[.unknown] ?? [], of: cohort, .unknown)
            crowds.add(members[.failed] ?? [], of: cohort, .failed)
            selected = members[.yes] ?? []
        }
        return selected
    }

    private func occurrence(of occasion: Occasion) -> Occurrence {
        occasion.occurrence(in: program)
    }
}

/// Consent, reach and text.
extension Judgement {
    private func route(
        _ standings: inout [Standing], _ occasions: [Occasion], _ say: Say
    ) throws {
        let message = program.messages[say.message]
        if !isByRow { try base.prefetch([], and: memberFields) }
        let doors = try say.channels.map { try Door($0, message, base, isByRow: isByRow) }
        let measure = MessageMeasure(
            program.offers(of: strategy), program, today: base.moment.today)
        var reads = reads(of: message)
        reads.isOfMember = reads.isOfMember || isByRow
        let open = open(standings)
        let routed = try base.records.map(
            open.map { occasions[$0].member }, reading: reads
        ) { place, record in
            try standing(of: occasions[open[place]], record, doors, message, measure)
        }
        for (index, standing) in zip(open, routed) { standings[index] = standing }
    }

    /// By the first channel that may be used and reaches the member.
    private func standing(
        of occasion: Occasion, _ record: MemberRecord, _ doors: [Door], _ message: Message,
        _ measure: MessageMeasure
    ) throws -> Standing {
        var refusal = OutcomeReason.noConsent
        for door in doors where try door.consents(occasion.member) {
            refusal = .notReachable
            guard let address = try door.address(of: occasion.member) else { continue }
            do {
                let text = try text(message.texts[door.channel] ?? [], for: occasion, record)
                return text.map { standing(of: $0, to: address, by: door.channel, measure) }
                    ?? .settled(.textIncomplete)
            } catch is EvaluationError {
                return .settled(.failed)
            }
        }
        return .settled(refusal)
    }

    /// By size and limit of the channel.
    private func standing(
        of text: MessageText, to address: String, by index: Int, _ measure: MessageMeasure
    ) -> Standing {
        let route = route(of: text, to: address, by: index, measure)
        let fits = route.size?.fits(program.channels[index]) ?? true
        return fits ? .candidate(route) : .settled(.textTooLong)
    }

    private func route(
        of text: MessageText, to address: String, by index: Int, _ measure: MessageMeasure
    ) -> Route {
        let channel = program.channels[index]
        let size = measure.size(of: text, by: channel)
        let parts = channel.costsPerPart ? size?.parts ?? 1 : 1
        return Route(
            channel: index, address: address, text: text, size: size,
            costMicro: Int64(clamping: Int128(channel.costMicroMinor) * Int128(parts)))
    }

    /// A route when it is known what is given.
    func measured(_ route: Route, for offer: Offer) -> Route {
        let measure = MessageMeasure([offer], program, today: base.moment.today)
        return self.route(of: route.text, to: route.address, by: route.channel, measure)
    }

    /// A channel as a member meets it.
    private struct Door {
        let channel: Int
        private let consent: MemberField?
        private let address: MemberField

        init(
            _ channel: Int, _ message: Message, _ base: CustomerBase, isByRow: Bool
        ) throws {
            self.channel = channel
            let declared = base.program.channels[channel]
            let isAsked = message.class != .service
            consent = try isAsked
                ? declared.consent.map { try MemberField($0, base, isByRow: isByRow) } : nil
            address = try MemberField(declared.address, base, isByRow: isByRow)
        }

        func consents(_ member: Int) throws -> Bool {
            try consent.map { try $0.value(of: member) == .truth(true) } ?? true
        }

        /// Nil when it is missing or blank.
        func address(of member: Int) throws -> String? {
            let value = try address.value(of: member)
            if value.isMissing { return nil }
            let text = ValueText.plain(value, address.type, zone: .utc)
            // Mostly one look at a byte settles it.
            let isBlank =
                !text.utf8.contains { (0x21...0x7E).contains($0) }
                && text.allSatisfy(\.isWhitespace)
            return isBlank ? nil : text
        }
    }

    /// What the holes of a message read beside columns.
    private func reads(of message: Message) -> RecordReads {
        let holes = message.texts.values.joined().compactMap { part -> Expression? in
            if case .value(let expression) = part, !isColumn(expression) { expression } else { nil }
        }
        return RecordReads(holes, in: program)
    }

    private func isColumn(_ expression: Expression) -> Bool {
        if isByRow { return false }
        if case .reference = expression.type { return false }
        if case .memberField = expression.node { return true }
        return false
    }

    /// The text for one member; nil when a hole is missing.
    private func text(
        _ parts: [Message.Part], for occasion: Occasion, _ record: MemberRecord
    ) throws -> MessageText? {
        var pieces: [MessageText.Piece] = []
        for part in parts {
            switch part {
            case .text(let text): pieces.append(.text(text))
            case .offerTitle: pieces.append(.offerTitle)
            case .expires(let pattern): pieces.append(.expires(pattern))
            case .code: pieces.append(.codes)
            case .value(let expression):
                let value = try value(of: expression, for: occasion, record)
                if value.isMissing { return nil }
                let text = ValueText.plain(value, expression.type, zone: base.moment.zone)
                pieces.append(.text(text))
            }
        }
        return MessageText(pieces: pieces)
    }

    private func value(
        of expression: Expression, for occasion: Occasion, _ record: MemberRecord
    ) throws -> Value {
        if case .memberField(let field) = expression.node, isColumn(expression) {
            return try base.memberColumn(field).value(at: occasion.member)
        }
        return try base.evaluator.evaluate(
            expression, for: record, occurrence: occurrence(of: occasion))
    }
}
