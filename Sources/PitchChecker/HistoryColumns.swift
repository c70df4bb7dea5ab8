import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `history`: its columns have fixed names, because each means something to a trial.
extension Checker {
    func checkHistory(_ draft: DataSetDraft) {
        guard draft.keyword == "history", draft.clauses.block != nil else { return }
        let set = scope.dataSet(draft.id)
        for column in HistoryColumn.allCases {
            let type = column.type(in: scope.project.currency)
            guard let index = set.field(named: column.rawValue) else {
                if column.isRequired { reportMissing(column, draft) }
                continue
            }
            let field = set.fields[index]
            if field.type != type, field.type != .error {
                report(
                    .historyColumn,
                    "expected \(type.words) as '\(field.name)', found \(field.type.words)",
                    at: field.range)
            } else if field.isOptional, column.isRequired {
                report(
                    .historyColumn, "'\(field.name)' may not be missing", at: field.range,
                    help: "leave out its '?'")
            }
        }
    }

    private func reportMissing(_ column: HistoryColumn, _ draft: DataSetDraft) {
        let type = column.typeText(in: scope.project.currency)
        report(
            .historyColumn, "the history lacks '\(column.rawValue)'", at: draft.clauses.keyword,
            help: "add '\(column.rawValue) \(type)': \(column.doc)")
    }
}
