import PitchProgram
import PitchSchema
import PitchTestSupport

extension Case {
    /// The case as a Pitch script: what is declared, the members with their values and events, and
    /// the expression.
    var script: String {
        var lines = [WorldScript.declarations(world.program.project)]
        lines += used.map { definition in
            "\(definition.kind.rawValue) \(definition.name) = \(printer.text(of: definition.expression))"
        }
        let keyword = expression.type == .truth ? "segment" : "field"
        lines.append("\(keyword) found = \(printer.text(of: expression))")
        lines.append("test \"case\" {")
        let now = ConstantText.text(of: .instant(world.moment.now), as: .instant)
        lines.append("    at \(now)")
        for member in world.members {
            lines.append(row("member \(member.key)", member.values, WorldSchema.members))
            for dataSet in [WorldSchema.orders, WorldSchema.visits] {
                for event in member.events[dataSet.index] ?? [] {
                    let name = world.program.dataSets[dataSet.index].name
                    lines.append(row("\(name) of \(member.key)", event.values, dataSet))
                }
            }
        }
        lines.append("}")
        return lines.joined(separator: "\n")
    }

    private var printer: ExpressionPrinter { ExpressionPrinter(world.program) }

    /// The definitions that the expression needs.
    private var used: [Definition] {
        var open = [expression]
        var indices: Set<Int> = []
        while let next = open.popLast() {
            for case .definition(let id) in next.parts.map(\.node)
            where indices.insert(id.index).inserted {
                open.append(world.program.definitions[id.index].expression)
            }
        }
        return indices.sorted().map { world.program.definitions[$0] }
    }

    private func row(_ head: String, _ values: [Value], _ dataSet: DataSetID) -> String {
        let fields = world.program.dataSets[dataSet.index].fields
        let known = zip(fields, values).dropFirst().filter { !$0.1.isMissing }
        let words = known.map { field, value in
            field.name + " " + ConstantText.text(of: value, as: field.type)
        }
        return "    \(head) { " + words.joined(separator: ", ") + " }"
    }
}
