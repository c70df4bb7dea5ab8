import PitchProgram
import PitchSource

/// How large an expression is.
struct Extent {
    /// Nodes, those of other definitions left out.
    var size = 0
    /// Nodes on the longest way down, those of other definitions included.
    var depth = 0
}

extension Checker {
    /// The extent of an expression, written out. Measuring stops a little beyond what is left of
    /// the budget, so that it never costs more than what is allowed.
    func extent(of expression: Expression) -> Extent {
        var extent = Extent()
        var level = [expression]
        var depth = 0
        while !level.isEmpty, extent.size <= budget, depth <= Limits.totalDepth {
            depth += 1
            extent.size += level.count
            extent.depth = max(extent.depth, depth)
            var below: [Expression] = []
            for node in level {
                below += node.operands
                switch node.node {
                case .aggregate(let aggregate):
                    below += [aggregate.argument, aggregate.filter].compactMap { $0 }
                case .definition(let id):
                    extent.depth = max(extent.depth, depth + scope.definitionDepths[id.index])
                default: break
                }
            }
            level = below
        }
        return extent
    }

    /// Whether an expression that is already typed may stand here once more.
    func canInsert(_ value: Expression, at range: SourceRange, _ context: Context) -> Bool {
        let extent = extent(of: value)
        guard context.depth + extent.depth <= Limits.totalDepth else {
            reportTooDeep(at: range)
            return false
        }
        return charge(extent.size, at: range)
    }

    func reportTooDeep(at range: SourceRange) {
        reportSize(
            "an expression nests at most \(Limits.expressionDepth) deep, names written out",
            at: range)
        budget = min(budget, 0)
    }

    /// Reports once an expression that grows too large; inside a computed field that is written
    /// out, later and where its name stands.
    func reportSize(_ message: String, at range: SourceRange) {
        guard budget > 0 || !isOversized else { return }
        isOversized = true
        report(
            .expressionTooLarge, message, at: range,
            help: "name a part of it as a segment or a field")
    }
}
