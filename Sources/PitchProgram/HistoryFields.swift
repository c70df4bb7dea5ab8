import PitchSchema

/// What is read of the events of a member, whenever they came: by data set, the fields.
package typealias HistoryFields = [DataSetID: Set<Int>]

extension Program {
    /// What the aggregates within expressions read, also by the names they use.
    package func historyFields(of expressions: [Expression]) -> HistoryFields {
        let read = reads(of: expressions)
        return Dictionary(uniqueKeysWithValues: read.counted.map { dataSet in
            (dataSet, fields(of: dataSet, among: read.fields))
        })
    }

    /// What is read of rows by their filter and by what is to be the same, beside aggregates.
    package func historyFields(of rows: EventRows) -> Set<Int> {
        let read = reads(of: [rows.filter].compactMap { $0 } + rows.same)
        return fields(of: rows.dataSet, among: read.fields)
    }

    /// What `when` lines, segments and conditions of all strategies read of histories.
    package var historyFields: HistoryFields {
        plans.flatMap(\.strategies).reduce(into: [:]) { found, strategy in
            for trigger in strategy.triggers {
                for rows in trigger.source.histories {
                    found[rows.dataSet, default: []].formUnion(historyFields(of: rows))
                }
                if case .event(let dataSet, let per?) = trigger.source {
                    found[dataSet, default: []].formUnion([per])
                }
            }
            let parts = strategy.say.map { messages[$0.message].texts.values.joined() }
            let holes = parts?.compactMap { part -> Expression? in
                if case .value(let expression) = part { expression } else { nil }
            }
            let conditions = [strategy.audience, strategy.condition].compactMap { $0 }
            let filters = strategy.triggers.flatMap(\.expressions)
            found.merge(historyFields(of: filters + conditions + (holes ?? []))) {
                $0.union($1)
            }
        }
    }

    private func fields(of dataSet: DataSetID, among fields: Set<FieldID>) -> Set<Int> {
        let at = dataSets[dataSet.index].at
        return Set(fields.filter { $0.dataSet == dataSet }.map(\.index) + [at].compactMap { $0 })
    }

    /// The fields of events, and the data sets that aggregates run over.
    private func reads(
        of expressions: [Expression]
    ) -> (fields: Set<FieldID>, counted: Set<DataSetID>) {
        var fields: Set<FieldID> = []
        var counted: Set<DataSetID> = []
        var definitions: Set<DefinitionID> = []
        var open = expressions
        while let expression = open.popLast() {
            switch expression.node {
            case .eventField(let field): fields.insert(field)
            case .definition(let id):
                if definitions.insert(id).inserted {
                    open.append(self.definitions[id.index].expression)
                }
            case .aggregate(let aggregate): counted.insert(aggregate.dataSet)
            default: break
            }
            open += expression.operands
        }
        return (fields, counted)
    }
}

extension Trigger {
    /// All that it evaluates.
    fileprivate var expressions: [Expression] {
        [filter].compactMap { $0 }
            + source.histories.flatMap { [$0.filter].compactMap { $0 } + $0.same }
    }
}

extension Trigger.Source {
    /// The rows of which it looks at more than the new ones.
    fileprivate var histories: [EventRows] {
        switch self {
        case .count(let count): count.rows
        case .sequence(let sequence): sequence.first + sequence.second
        case .event, .expiry, .date, .weather, .joined, .enters: []
        }
    }
}
