import PitchProgram
import PitchSchema
import PitchTestSupport

/// The declarations of a generated world as a script.
enum WorldScript {
    static func declarations(_ project: Project) -> String {
        let weekday = weekdays[project.weekStart - 1]
        let head = """
            pitch 1
            project "\(project.name)" {
                timezone "\(project.zone)"
                currency \(project.currency.code)
                store "\(project.store)"
                week starts \(weekday)
            }
            """
        return ([head] + WorldSchema.dataSets.map(declaration)).joined(separator: "\n\n") + "\n"
    }

    private static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    private static func declaration(_ dataSet: DataSet) -> String {
        let name = dataSet.kind == .members ? "" : " " + dataSet.name
        var lines = ["\(dataSet.kind.rawValue)\(name) from csv \"rows.csv\" {"]
        lines.append("    key " + dataSet.fields[0].name)
        if dataSet.kind == .events { lines.append("    member member_id") }
        if let at = dataSet.at {
            lines.append("    at \(dataSet.fields[at].name) \(type(dataSet.fields[at].type))")
        }
        lines += dataSet.fields.map { field in
            // A clause word begins a row only between back-ticks.
            "    `\(field.name)` \(type(field.type))" + (field.isOptional ? "?" : "")
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private static func type(_ type: ValueType) -> String {
        switch type {
        case .truth: "yesno"
        case .money(let currency): "money " + currency.code
        case .choice(let words): "one of [" + words.joined(separator: ", ") + "]"
        case .quantity(let unit): unit.symbol
        case .reference(let table): "-> " + table
        default: type.name
        }
    }
}
