import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchSource
import PitchStore

/// What explores. Nothing is written.
extension Workspace {
    /// How many members satisfy a segment's name or any predicate.
    package func count(_ expression: String) throws(WorkspaceError) -> CountResult {
        let predicate = try predicate(expression)
        return try read { base in
            let selection = try self.select([predicate], of: base)[0]
            let selected = base.present(selection.isTrue).population
            let failed = base.present(selection.failed).population
            let known = base.present(selection.isKnown).population
            return CountResult(
                selected: selected, unknown: base.presentCount - known - failed, failed: failed,
                total: base.presentCount)
        }
    }

    /// The members that satisfy a predicate, as a table.
    /// - Parameter fields: member fields or any expressions; empty: the first fields.
    package func show(
        _ expression: String, fields: [String] = [], limit: Int = 20
    ) throws(WorkspaceError) -> MemberTable {
        let predicate = try predicate(expression)
        var columns: [(name: String, expression: Expression)] = []
        for field in fields { columns.append((field, try self.expression(field))) }
        if fields.isEmpty { columns = try firstFields() }
        return try read { base in
            let mask = base.present(try self.select([predicate], of: base)[0].isTrue)
            let members = Array(mask.rows.prefix(max(0, limit)))
            var rows = try base.keys(of: members.map(Int.init)).map { [Value.text($0)] }
            for column in columns {
                let values = try base.runtime.values(column.expression, for: members)
                for (row, value) in values.enumerated() {
                    rows[row].append((try? value.get()) ?? .missing)
                }
            }
            let key = MemberTable.Column(name: base.memberKeyName, type: .text)
            return MemberTable(
                columns: [key]
                    + columns.map { MemberTable.Column(name: $0.name, type: $0.expression.type) },
                rows: rows, selected: mask.population)
        }
    }

    /// What conditions say of everybody.
    private func select(
        _ conditions: [Expression], of base: CustomerBase
    ) throws -> [Selection] {
        try standing?.select(conditions, of: base, fingerprint) ?? base.select(conditions)
    }

    private func firstFields() throws(WorkspaceError) -> [(name: String, expression: Expression)] {
        let program = try checkedProgram()
        guard let id = program.members else { return [] }
        let members = program.dataSets[id.index]
        return members.fields.indices.filter { !members.key.contains($0) }.prefix(6).map {
            let field = members.fields[$0]
            return (field.name, Expression(.memberField($0), field.type))
        }
    }

    /// What each condition of an `and` removes. A segment's name stands for its conditions, one
    /// level deep.
    package func funnel(_ expression: String) throws(WorkspaceError) -> FunnelResult {
        let predicate = try predicate(expression)
        return try read { base in
            let conditions = Self.conditions(of: predicate, in: base.program)
            let masks = try self.select(conditions, of: base).map { base.present($0.isTrue) }
            let everyone = base.present(Bitmap(count: base.memberCount, filledWith: true))
            // Members that meet all conditions from one on; with those before it, all but one.
            var after = [everyone]
            for mask in masks.reversed() {
                after.append(after[after.count - 1].combined(with: mask, &))
            }
            var left = everyone
            var steps: [FunnelResult.Step] = []
            for (index, mask) in masks.enumerated() {
                let others = left.combined(with: after[masks.count - 1 - index], &)
                let near = others.combined(with: mask) { $0 & ~$1 }.population
                let before = left.population
                left = left.combined(with: mask, &)
                steps.append(
                    FunnelResult.Step(
                        text: self.text(of: conditions[index]), left: left.population,
                        removed: before - left.population, nearMisses: near))
            }
            return FunnelResult(total: everyone.population, steps: steps)
        }
    }

    private static func conditions(of predicate: Expression, in program: Program) -> [Expression] {
        predicate.conjuncts.flatMap { conjunct in
            guard case .definition(let id) = conjunct.node else { return [conjunct] }
            return program.definitions[id.index].expression.conjuncts
        }
    }

    /// How a condition is carried out. A segment's name stands for its conditions.
    package func explain(_ expression: String) throws(WorkspaceError) -> Explanation {
        let predicate = try predicate(expression)
        return try read { base in
            let conditions = Self.conditions(of: predicate, in: base.program)
            let opened = conditions.count == 1
                ? conditions[0] : Expression(.and(conditions), .truth, at: predicate.range)
            let compiled = try base.runtime.explain(opened)
            let name = { (field: FieldID) in
                let dataSet = base.program.dataSets[field.dataSet.index]
                return "\(dataSet.name).\(dataSet.fields[field.index].name)"
            }
            return Explanation(
                steps: compiled.steps.map { step in
                    Explanation.Step(
                        text: self.text(of: step, opened, compiled, base.program),
                        kernel: step.kernel, selectivity: step.selectivity,
                        nanoseconds: step.cost, path: step.pathText(in: base.program),
                        columns: step.columns.map(name).sorted())
                },
                filed: compiled.columns.filter(base.columns.isFromFiles).map(name).sorted(),
                unfiled: compiled.columns.filter { !base.columns.isFromFiles($0) }.map(name)
                    .sorted(),
                instructions: "\(compiled.family)", batchRows: compiled.batchRows,
                lastTime: self.standing?.way(of: [predicate], in: base.program, self.fingerprint)?
                    .text)
        }
    }

    /// A condition as written; as the checker made it, where that is two of one: `between`.
    private func text(
        of step: PitchColumnar.Explanation.Step, _ whole: Expression,
        _ explanation: PitchColumnar.Explanation, _ program: Program
    ) -> String {
        let isOne = explanation.steps.count { $0.range == step.range } == 1
        guard !isOne, case .and(let operands) = whole.node else { return oneLine(step.range) }
        return ExpressionPrinter(program).text(of: operands[step.position])
    }

    /// An expression as written, on one line.
    func text(of expression: Expression) -> String { oneLine(expression.range) }

    func oneLine(_ range: SourceRange) -> String {
        sources.text(of: range).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension PitchColumnar.Explanation.Step {
    /// `zones tell of 93.6 %`
    fileprivate func pathText(in program: Program) -> String {
        let way =
            switch path {
            case .numbers(let zoned):
                zoned > 0 ? "zones tell of \(Self.percent(zoned))" : "every number"
            case .bits: "every bit or code"
            case .kept: "kept from an earlier question"
            case .eventsByTime: "events by time, one pass for all windows"
            case .eventsInPlace: "events as they lie: few windows"
            case .operators: "operators: it has no kernel"
            case .several: "each of its conditions"
            case .constant: "known from the script"
            }
        let left = asked < 1 ? "; asked of the \(Self.percent(asked)) left" : ""
        let names = definitions.map { program.definitions[$0.index].name }
        let before = names.isEmpty ? "" : "; computed before: " + names.joined(separator: ", ")
        return way + left + before
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded(.up))
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}

extension Expression {
    fileprivate var conjuncts: [Expression] {
        if case .and(let operands) = node { operands } else { [self] }
    }
}

extension CustomerBase {
    var memberKeyName: String {
        guard let id = program.members else { return "member" }
        let members = program.dataSets[id.index]
        let names = members.key.map { members.fields[$0].name }
        return names.isEmpty ? "member" : names.joined(separator: "/")
    }
}
