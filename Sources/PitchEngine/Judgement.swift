import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema

/// Who of those that a strategy sighted may get it: the segment, `if`, and the guards that ask
/// only about the member.
struct Judgement {
    let plan: Plan
    let strategy: Strategy
    let base: CustomerBase

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
    }

    /// One standing an occasion.
    func judge(_ occasions: [Occasion]) throws -> [Standing] {
        var standings: [Standing] = occasions.map { occasion in
            occasion.settled.map { .settled($0) } ?? .candidate(nil)
        }
        if let audience = strategy.audience {
            try narrow(&standings, occasions, by: audience, otherwise: .notInSegment)
        }
        if let condition = strategy.condition {
            try narrow(&standings, occasions, by: condition, otherwise: .conditionNotMet)
        }
        if let say = strategy.say { try route(&standings, occasions, say) }
        return standings
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
        let open = open(standings)
        if open.isEmpty { return }
        let verdicts: [OutcomeReason?]
        do {
            let selection = try base.runtime.select(
                predicate, among: open.map { Int32(occasions[$0].member) })
            verdicts = open.indices.map { index in
                if selection.failed[index] { return .failed }
                if selection.isTrue[index] { return nil }
                return selection.isKnown[index] ? reason : .unknown
            }
        } catch ColumnarError.needsOccurrence {
            verdicts = try open.map { try verdict(on: predicate, occasions[$0], reason) }
        }
        for (index, place) in open.enumerated() {
            if let verdict = verdicts[index] { standings[place] = .settled(verdict) }
        }
    }

    private func verdict(
        on predicate: Expression, _ occasion: Occasion, _ reason: OutcomeReason
    ) throws -> OutcomeReason? {
        let member = try base.record(of: occasion.member)
        do throws(EvaluationError) {
            switch try base.evaluator.evaluate(
                predicate, for: member, occurrence: occurrence(of: occasion))
            {
            case .truth(true): return nil
            case .truth(false): return reason
            default: return .unknown
            }
        } catch {
            return .failed
        }
    }

    private func occurrence(of occasion: Occasion) -> Occurrence {
        occasion.occurrence(
            fieldNames: occasion.dataSet.map { program.dataSets[$0.index].fields.map(\.name) }
                ?? [])
    }
}

/// Consent, reach and text.
extension Judgement {
    private func route(
        _ standings: inout [Standing], _ occasions: [Occasion], _ say: Say
    ) throws {
        let message = program.messages[say.message]
        let doors = try say.channels.map { try Door($0, message, base) }
        for index in open(standings) {
            let occasion = occasions[index]
            let consenting = doors.filter { $0.consents(occasion.member) }
            if consenting.isEmpty {
                standings[index] = .settled(.noConsent)
                continue
            }
            let reachable = consenting.lazy.compactMap { door in
                door.address(of: occasion.member).map { (door, $0) }
            }.first
            guard let (door, address) = reachable else {
                standings[index] = .settled(.notReachable)
                continue
            }
            do {
                let text = try text(message.texts[door.channel] ?? [], for: occasion)
                standings[index] =
                    text.map {
                        .candidate(Route(channel: door.channel, address: address, text: $0))
                    } ?? .settled(.textIncomplete)
            } catch is EvaluationError {
                standings[index] = .settled(.failed)
            }
        }
    }

    /// A channel as a member meets it.
    private struct Door {
        let channel: Int
        let consent: ColumnVector?
        let address: ColumnVector

        init(_ channel: Int, _ message: Message, _ base: CustomerBase) throws {
            self.channel = channel
            let declared = base.program.channels[channel]
            let isAsked = message.class != .service
            consent = isAsked ? try declared.consent.map(base.memberColumn) : nil
            address = try base.memberColumn(declared.address)
        }

        func consents(_ member: Int) -> Bool {
            consent.map { $0.value(at: member) == .truth(true) } ?? true
        }

        /// Nil when it is missing or blank.
        func address(of member: Int) -> String? {
            let value = address.value(at: member)
            if value.isMissing { return nil }
            let text = ValueText.plain(value, address.type, zone: .utc)
            return text.allSatisfy(\.isWhitespace) ? nil : text
        }
    }

    /// The text for one member; nil when a hole is missing.
    private func text(_ parts: [Message.Part], for occasion: Occasion) throws -> MessageText? {
        var pieces: [MessageText.Piece] = []
        for part in parts {
            switch part {
            case .text(let text): pieces.append(.text(text))
            case .offerTitle: pieces.append(.offerTitle)
            case .expires(let pattern): pieces.append(.expires(pattern))
            case .code: pieces.append(.codes)
            case .value(let expression):
                let value = try value(of: expression, for: occasion)
                if value.isMissing { return nil }
                let text = ValueText.plain(value, expression.type, zone: base.moment.zone)
                pieces.append(.text(text))
            }
        }
        return MessageText(pieces: pieces)
    }

    private func value(of expression: Expression, for occasion: Occasion) throws -> Value {
        if case .memberField(let field) = expression.node {
            return try base.memberColumn(field).value(at: occasion.member)
        }
        return try base.evaluator.evaluate(
            expression, for: base.record(of: occasion.member),
            occurrence: occurrence(of: occasion))
    }
}
