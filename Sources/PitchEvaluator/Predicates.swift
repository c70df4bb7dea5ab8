import PitchProgram
import PitchSchema

/// Operators whose result is a truth value; unknown is `missing`.
extension MemberEvaluation {
    /// `and` is decided by one false operand, `or` by one true, even if others fail; otherwise
    /// failure wins over unknown.
    func decide(
        _ operands: [Expression], by decisive: Bool, _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        var failure: EvaluationError?
        var isUnknown = false
        for operand in operands {
            do {
                let flag = try truth(of: operand, event)
                if flag == decisive { return .truth(decisive) }
                isUnknown = isUnknown || flag == nil
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return isUnknown ? .missing : .truth(!decisive)
    }

    func compare(_ comparison: Comparison, _ left: Value, _ right: Value) -> Value {
        if left.isMissing || right.isMissing { return .missing }
        return switch comparison {
        case .equal: .truth(left.isSame(as: right))
        case .notEqual: .truth(!left.isSame(as: right))
        case .less: .truth(left.precedes(right))
        case .lessOrEqual: .truth(!right.precedes(left))
        case .greater: .truth(right.precedes(left))
        case .greaterOrEqual: .truth(!left.precedes(right))
        }
    }

    func isIn(
        _ operand: Expression, _ elements: [Expression], _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        let value = try value(of: operand, event)
        var isMatch = false
        var isUnknown = value.isMissing
        for element in elements {
            let candidate = try self.value(of: element, event)
            if candidate.isMissing {
                isUnknown = true
            } else if candidate.isSame(as: value) {
                isMatch = true
            }
        }
        if isMatch { return .truth(true) }
        return isUnknown ? .missing : .truth(false)
    }

    func isWithin(
        _ operand: Expression, _ window: Window, _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        let value = try value(of: operand, event)
        let stretch = try stretch(of: window, ofDays: operand.type == .date, event)
        guard let stretch, let position = value.raw else { return .missing }
        return .truth(stretch.contains(position))
    }

    func has(_ value: Value, _ quantifier: Quantifier, _ wanted: [String]) -> Value {
        guard case .tags(let tags) = value else { return .missing }
        let holds = { (word: String) in tags.contains { $0.utf8.elementsEqual(word.utf8) } }
        return switch quantifier {
        case .any: .truth(wanted.contains(where: holds))
        case .all: .truth(wanted.allSatisfy(holds))
        }
    }

    /// In UTF-8 one text holds another exactly where its bytes do.
    func testText(_ test: TextTest, _ text: Value, _ part: Value) -> Value {
        guard case .text(let text) = text, case .text(let part) = part else { return .missing }
        var rest = Array(text.utf8)[...]
        if rest.starts(with: part.utf8) { return .truth(true) }
        guard test == .contains else { return .truth(false) }
        while !rest.isEmpty {
            rest = rest.dropFirst()
            if rest.starts(with: part.utf8) { return .truth(true) }
        }
        return .truth(false)
    }
}

extension Value {
    /// Whether two known values of one type are equal; text by Unicode scalars, not by canonical
    /// equivalence as in Swift.
    func isSame(as other: Value) -> Bool {
        if case .text(let text) = self, case .text(let otherText) = other {
            return text.utf8.elementsEqual(otherText.utf8)
        }
        if let count = raw, let otherCount = other.raw { return count == otherCount }
        return self == other
    }

    /// Whether a known value of an ordered type comes before another; text by Unicode scalars,
    /// which is the order of its UTF-8 bytes.
    func precedes(_ other: Value) -> Bool {
        if case .text(let text) = self, case .text(let otherText) = other {
            return text.utf8.lexicographicallyPrecedes(otherText.utf8)
        }
        guard let count = raw, let otherCount = other.raw else { return false }
        return count < otherCount
    }
}
