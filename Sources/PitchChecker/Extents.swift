import PitchProgram

extension Checker {
    /// How many nodes an expression has, written out; at most one more than what is left of the
    /// budget, so that measuring never costs more than what is allowed.
    func extent(of expression: Expression) -> Int {
        var size = 0
        var open = [expression]
        while let next = open.popLast(), size <= budget {
            size += 1
            open += next.operands
            if case .aggregate(let aggregate) = next.node {
                open += [aggregate.argument, aggregate.filter].compactMap { $0 }
            }
        }
        return size
    }
}
