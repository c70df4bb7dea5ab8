import PitchProgram
import PitchSource
import PitchSyntax

/// A `define` is written out where it is used, so one that needs itself would never end. It is
/// reported where it is declared, used or not.
extension Checker {
    func checkRecursion() {
        var isSeen: Set<Int> = []
        for start in scope.symbols.all.indices
        where scope.symbols.all[start].kind == .function && !isSeen.contains(start) {
            walk(from: start, &isSeen)
        }
    }

    /// Depth first without recursion: chains of definitions may be long.
    private func walk(from start: Int, _ isSeen: inout Set<Int>) {
        var path = [start]
        var calls = [self.calls(of: start)]
        isSeen.insert(start)
        while let last = calls.last {
            guard let next = last.last else {
                path.removeLast()
                calls.removeLast()
                continue
            }
            calls[calls.count - 1].removeLast()
            if let first = path.firstIndex(of: next) {
                reportRecursion(Array(path[first...]))
            } else if isSeen.insert(next).inserted {
                path.append(next)
                calls.append(self.calls(of: next))
            }
        }
    }

    private func reportRecursion(_ cycle: [Int]) {
        let first = cycle.min() ?? cycle[0]
        let start = cycle.firstIndex(of: first) ?? 0
        let ordered = cycle[start...] + cycle[..<start] + [first]
        // Another way round the same names is reported already.
        guard case .pending(let declaration) = scope.meanings[first] else { return }
        within(declaration.round) {
            reportCycle(
                ordered.map { scope.symbols.all[$0].name }, at: scope.symbols.all[first].range,
                help: "a define cannot be worked out from itself")
        }
        for index in cycle { scope.meanings[index] = .faulty }
    }

    /// The `define`s that one calls, the first last.
    private func calls(of index: Int) -> [Int] {
        guard case .pending(let declaration) = scope.meanings[index] else { return [] }
        return within(declaration.round) {
            var called: [Int] = []
            var open = declaration.node.node("value").map { [$0] } ?? []
            while let next = open.popLast() {
                if next.kind == .call, let function = next.node("function"),
                    let index = self.index(of: name(function)),
                    scope.symbols.all[index].kind == .function
                {
                    called.append(index)
                }
                open += next.nodes
            }
            return called
        }
    }
}
