import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// What marketing came to so far, and who the members are.
package enum StatisticsKey: String, CaseIterable, Sendable {
    case theme, template, plan, strategy, coupon, day, week, month
}

/// Coupons that have something in common.
package struct StatisticsRow: Sendable, Equatable {
    /// In the order of the keys asked for.
    package let keys: [String]
    package var issued = 0
    package var claimed = 0
    package var used = 0
    /// Of the uses whose cost is known, in minor units.
    package var costMinor: Int64 = 0
    /// Used ÷ issued, a share of one.
    package var conversion: Double { issued > 0 ? Double(used) / Double(issued) : 0 }
}

/// How many members have a value, or are in a segment.
package struct PopulationRow: Sendable, Equatable {
    /// A field or a segment.
    package let name: String
    /// `in`, `not in`, `unknown` of a segment; a field's value, `–` where it is missing.
    package let value: String
    package let members: Int
}

extension Workspace {
    /// Marketing data: what was issued, claimed, used and paid, by some keys.
    package func statistics(
        by keys: [StatisticsKey]
    ) throws(WorkspaceError) -> (rows: [StatisticsRow], currency: String) {
        let program = try checkedProgram()
        let moment = try moment()
        return try retrying {
            let ledger = Ledger(try self.openStore())
            let themes = Dictionary(try ledger.templates().map { ($0.number, $0.theme) }) { $1 }
            var rows: [[String]: StatisticsRow] = [:]
            for tally in try ledger.couponTallies() {
                let names = keys.map { $0.text(of: tally, themes, moment) }
                var row = rows[names] ?? StatisticsRow(keys: names)
                row.issued += tally.issued
                row.claimed += tally.claimed
                row.used += tally.used
                row.costMinor += tally.costMinor
                rows[names] = row
            }
            let sorted = rows.values.sorted { $0.keys.lexicographicallyPrecedes($1.keys) }
            return (sorted, program.project.currency.code)
        }
    }

    /// User data: how many members have which value of fields, and are in which segments.
    /// - Parameter names: of fields and segments; empty: all segments, and the fields whose values
    ///   are one of a list.
    package func population(of names: [String] = []) throws(WorkspaceError) -> [PopulationRow] {
        let program = try checkedProgram()
        let subjects = try PopulationSubject.named(names, in: program)
        return try read { base in
            try subjects.flatMap { try $0.rows(base) }
        }
    }
}

extension StatisticsKey {
    fileprivate func text(
        of tally: CouponTally, _ themes: [Int64: String], _ moment: Moment
    ) -> String {
        let day = moment.zone.day(of: tally.issuedAt)
        switch self {
        case .theme: return tally.template.flatMap { themes[$0] } ?? "–"
        case .template: return tally.template.map { "no. \($0)" } ?? "–"
        case .plan: return tally.plan
        case .strategy: return tally.strategy ?? "–"
        case .coupon: return tally.coupon
        case .day: return CivilDate(days: Int(day)).text
        case .week:
            let weekday = CivilDate(days: Int(day)).weekday
            let back = (weekday - moment.weekStart + 7) % 7
            return CivilDate(days: Int(day) - back).text
        case .month: return String(CivilDate(days: Int(day)).text.prefix(7))
        }
    }
}

/// What members are counted by.
private enum PopulationSubject {
    case segment(String, Expression)
    case field(String, Int, ValueType)

    /// So many values of a field are told; the others are one row.
    private static let values = 20

    static func named(
        _ names: [String], in program: Program
    ) throws(WorkspaceError) -> [PopulationSubject] {
        let segments = program.definitions.indices.compactMap { index -> PopulationSubject? in
            let definition = program.definitions[index]
            guard definition.kind == .segment else { return nil }
            return .segment(
                definition.name, Expression(.definition(DefinitionID(index)), .truth))
        }
        let set = program.members.map { program.dataSets[$0.index] }
        let fields = (set?.fields ?? []).enumerated()
            .filter { set?.key.contains($0.offset) == false }
            .map { PopulationSubject.field($0.element.name, $0.offset, $0.element.type) }
        if names.isEmpty { return segments + fields.filter(\.isChoice) }
        var found: [PopulationSubject] = []
        for name in names {
            guard let subject = (segments + fields).first(where: { $0.name == name }) else {
                throw WorkspaceError(.usage, "there is no segment or member field '\(name)'")
            }
            found.append(subject)
        }
        return found
    }

    private var name: String {
        switch self {
        case .segment(let name, _), .field(let name, _, _): name
        }
    }

    private var isChoice: Bool {
        switch self {
        case .field(_, _, .choice), .field(_, _, .truth): true
        default: false
        }
    }

    func rows(_ base: CustomerBase) throws -> [PopulationRow] {
        switch self {
        case .segment(let name, let condition):
            let selection = try base.select([condition])[0]
            let inside = base.present(selection.isTrue).population
            let known = base.present(selection.isKnown).population
            return [
                ("in", inside), ("not in", known - inside), ("unknown", base.presentCount - known),
            ].filter { $0.1 > 0 }.map { PopulationRow(name: name, value: $0.0, members: $0.1) }
        case .field(let name, let field, let type):
            let column = try base.memberColumn(field)
            var counts: [String: Int] = [:]
            for member in 0..<column.count where base.isPresent(member) {
                let value = column.value(at: member)
                let text = value.isMissing
                    ? "–" : ValueText.plain(value, type, zone: base.moment.zone)
                counts[text, default: 0] += 1
            }
            let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let rest = sorted.dropFirst(Self.values).reduce(0) { $0 + $1.value }
            return sorted.prefix(Self.values).map {
                PopulationRow(name: name, value: $0.key, members: $0.value)
            } + (rest > 0 ? [PopulationRow(name: name, value: "others", members: rest)] : [])
        }
    }
}
