import PitchEvaluator
import PitchProgram

extension Expression {
    /// The expression for one occurrence: what `this` reads stands in it as constants, and `other`
    /// of events that the occurrence is none of leaves nothing out. Where an occurrence happens to
    /// many, columns answer it.
    func bound(to this: Occurrence) -> Expression {
        rewritten { part in
            switch part.node {
            case .occurrenceField(let name):
                return Expression(
                    .constant(this.fields[name] ?? .missing), part.type, at: part.range)
            case .aggregate(let aggregate)
            where aggregate.excludesOccurrence && aggregate.dataSet != this.dataSet:
                let all = Aggregate(
                    aggregate.function, over: aggregate.dataSet, argument: aggregate.argument,
                    window: aggregate.window, filter: aggregate.filter,
                    position: aggregate.position, unit: aggregate.unit)
                return Expression(.aggregate(all), part.type, at: part.range)
            default: return part
            }
        }
    }
}
