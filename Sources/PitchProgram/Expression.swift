import PitchSchema
import PitchSource

/// A typed expression: names are resolved, units converted, `let` and `define` written out.
/// Operands of one operator have the types that the operator's documentation names; nothing is
/// coerced at run time.
package struct Expression: Sendable {
    package let node: Node
    package let type: ValueType
    package let range: SourceRange

    package init(_ node: Node, _ type: ValueType, at range: SourceRange = .none) {
        self.node = node
        self.type = type
        self.range = range
    }

    /// A truth value is `missing` when it is unknown. Every operator yields missing when an
    /// operand is missing, unless its line says otherwise; a failing operand makes it fail,
    /// failure before missing.
    package indirect enum Node: Sendable {
        /// Never `missing`.
        case constant(Value)
        /// The member's own field. A reference to a row that its table lacks is missing, here and
        /// in every other field.
        case memberField(Int)
        /// A field of the event in scope: inside an aggregate's argument or `where`, or a `when`
        /// line's `where`. `null` rows do not exist; the field may be missing.
        case eventField(FieldID)
        /// A field of `this`, the occurrence, by name. Only in `if` and in message holes.
        case occurrenceField(String)
        /// `product.department`: the field of the row of `table` whose key is the text value of
        /// `key`. Missing when the key is missing or no row has it.
        case lookup(table: DataSetID, key: Expression, field: Int)
        /// A segment (truth) or a named field: the value of `Program.definitions[id]`, for this
        /// member.
        case definition(DefinitionID)
        /// The run's instant; its local day.
        case now
        case today
        /// Kleene. `false and E` is false and `true or E` is true whichever side comes first and
        /// even if the other fails; otherwise failure wins over unknown.
        case not(Expression)
        case and([Expression])
        case or([Expression])
        /// Two operands of one type; text by Unicode scalars, truth and choices only `=` and `!=`.
        case compare(Comparison, Expression, Expression)
        /// `x in [a, b]`, all of one type. Missing if `x` is; a missing element makes a non-match
        /// missing.
        case isIn(Expression, [Expression])
        /// A date or an instant against a window of time.
        case isWithin(Expression, Window)
        case has(Expression, Quantifier, [String])
        /// Never missing.
        case isMissing(Expression)
        case text(TextTest, Expression, Expression)
        /// The first if it is known, otherwise the second; the second is not looked at if the
        /// first is known.
        case orElse(Expression, Expression)
        case negate(Expression)
        /// See `Arithmetic` for the operand and result types.
        case arithmetic(Arithmetic, Expression, Expression)
        /// A date or instant moved forward (`times` 1) or back (−1) by a period: `joined + 30
        /// days`, `60 days ago`.
        case shift(Expression, Period, times: Int)
        /// integer → number; instant → date (its local day); percent ↔ number; integer → percent
        /// is never made.
        case convert(Expression)
        case call(Function, [Expression])
        /// The value of the first branch whose condition is true; otherwise the last one; nil:
        /// missing. A condition that is unknown does not select its branch; one that fails makes
        /// the whole fail. What stands after the first true condition is not looked at.
        case choose([Branch], otherwise: Expression?)
        case aggregate(Aggregate)
    }

    package struct Branch: Sendable {
        package let condition: Expression
        package let value: Expression
        package init(_ condition: Expression, _ value: Expression) {
            self.condition = condition
            self.value = value
        }
    }
}

/// An index into `Program.definitions`.
package struct DefinitionID: Hashable, Sendable {
    package let index: Int
    package init(_ index: Int) { self.index = index }
}

package enum Comparison: String, CaseIterable, Sendable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

package enum Quantifier: String, CaseIterable, Sendable { case any, all }

package enum TextTest: String, CaseIterable, Sendable {
    case startsWith = "starts with"
    case contains
}

/// Result types. Every product and quotient is rounded half to even, once, to the result's step;
/// a result outside 64 bits fails with `overflow`; a quotient by zero is missing.
///
/// - `add`, `subtract`: two of one type among integer, number, percent, money, duration, quantity
///   → the same; date − date and instant − instant → duration.
/// - `multiply`: integer × integer → integer; number or percent × number or percent → number
///   (percent × percent too); integer × number → number after conversion; X ×
///   number|percent|integer and the reverse → X for X among money, duration, quantity.
/// - `divide`: integer ÷ integer, number ÷ number (percents converted), X ÷ X → number; X ÷
///   number|percent|integer → X.
package enum Arithmetic: String, CaseIterable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
}

/// Functions of one member's values, in the project's zone. Missing in, missing out.
package enum Function: String, CaseIterable, Sendable {
    /// Completed years from a date to today; a 29 February counts on 28 February in common years.
    /// → integer
    case age
    /// Of a date. → integer; `weekday` 1 = Monday.
    case year, month, day, weekday
    /// Of an instant. → integer 0…23; → time
    case hour
    case timeOfDay = "time of"
    /// Unicode scalars of a text. → integer
    case length
    /// integer, number, percent, money, duration, quantity → the same; fails on `Int64.min`.
    case abs
}

/// A stretch of time relative to the run's instant. Of events dated by day, and of dates, whole
/// days count.
package indirect enum Window: Sendable {
    /// `(now − d, now]`; of dates `(today − d, today]`.
    case last(Period)
    /// `(now, now + d]`; of dates `(today, today + d]`.
    case next(Period)
    /// A calendar unit, `offset` 0 is this one, −1 the one before: `today`, `yesterday`, `this
    /// month`, `last week`. From its first instant to before the next unit's.
    case calendar(CalendarUnit, offset: Int)
    /// At or after a date's first instant, or an instant. A missing bound makes the window unknown.
    case since(Expression)
    /// At or before an instant, or the last instant of a date.
    case until(Expression)
    /// Both ends included, as `since` and `until`.
    case between(Expression, Expression)
}

/// A value computed over the events of one member in one data set. Events after `now` are not
/// visible. Only events whose filter is true count; a filter that fails for an event fails the
/// aggregate. An unknown window (a missing bound) makes the aggregate missing.
package struct Aggregate: Sendable {
    package enum Function: String, CaseIterable, Sendable {
        /// How many events. → integer, never missing for a known window.
        case count
        /// Over known arguments; 0 of none; fails with `overflow` when the total leaves 64 bits. →
        /// the argument's type
        case sum
        /// Half to even, to the type's step; missing of none. integer → number, others the
        /// argument's type
        case avg
        case min, max
        /// The argument of the first, last or n-th event (from the oldest), even if missing;
        /// missing of none.
        case first, last, nth
        /// How many different known arguments. → integer
        case distinct
        /// Consecutive calendar units with an event, back from the current unit, or from the one
        /// before when the current has none yet. → integer
        case streak
    }

    package let function: Function
    package let dataSet: DataSetID
    /// Nil for `count` and `streak`.
    package let argument: Expression?
    package let window: Window?
    package let filter: Expression?
    /// For `nth`, from 1.
    package let position: Int
    /// For `streak`.
    package let unit: CalendarUnit
    /// `other orders`: leaves out the occurrence itself.
    package let excludesOccurrence: Bool

    package init(
        _ function: Function, over dataSet: DataSetID, argument: Expression? = nil,
        window: Window? = nil,
        filter: Expression? = nil, position: Int = 1, unit: CalendarUnit = .day,
        excludesOccurrence: Bool = false
    ) {
        self.function = function
        self.dataSet = dataSet
        self.argument = argument
        self.window = window
        self.filter = filter
        self.position = position
        self.unit = unit
        self.excludesOccurrence = excludesOccurrence
    }
}

/// Why one member's value could not be computed. The member's outcome is `failed`.
package struct EvaluationError: Error, Hashable, Sendable {
    package enum Reason: String, Sendable { case overflow }
    package let reason: Reason
    package let range: SourceRange
    package init(_ reason: Reason, at range: SourceRange) {
        self.reason = reason
        self.range = range
    }
}
