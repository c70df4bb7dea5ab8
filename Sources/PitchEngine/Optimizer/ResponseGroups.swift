import PitchColumnar
import PitchOptimizer
import PitchProgram
import PitchSchema

/// The segments by which history tells responses apart. A member belongs to the first of them, in
/// the order of the script, that it is in.
struct ResponseGroups {
    /// By their names; members of none are the group after the last.
    let names: [String]
    private let conditions: [Expression]

    init(_ history: ResponseHistory, _ program: Program) {
        let known = Set(history.results.compactMap(\.segment))
        let segments = program.definitions.indices.filter {
            program.definitions[$0].kind == .segment && known.contains(program.definitions[$0].name)
        }
        names = segments.map { program.definitions[$0].name }
        conditions = segments.map { Expression(.definition(DefinitionID($0)), .truth) }
    }

    var count: Int { names.count + 1 }

    /// Nil: members of none.
    func name(of group: Int) -> String? { names.indices.contains(group) ? names[group] : nil }

    /// The group of every member.
    func groups(of members: [Int32], in base: CustomerBase, isByRow: Bool) throws -> [Int] {
        var groups = [Int](repeating: names.count, count: members.count)
        for (group, condition) in conditions.enumerated().reversed() {
            let answers = try base.answers(to: condition, for: members, isByRow: isByRow)
            for (place, answer) in answers.enumerated() where answer == .yes {
                groups[place] = group
            }
        }
        return groups
    }

    /// An audience in groups.
    /// - Parameter condition: who belongs to it; nil: every member.
    /// - Throws: `OptimizerError.emptyAudience`.
    func audience(_ condition: Expression?, in base: CustomerBase) throws -> Audience {
        let selected = try base.select([condition].compactMap { $0 } + conditions)
        let everybody = Bitmap(count: base.memberCount, filledWith: true)
        var rest = base.present(condition == nil ? everybody : selected[0].isTrue)
        let segments = condition == nil ? selected[...] : selected.dropFirst()
        var groups: [Audience.Group] = []
        for (name, segment) in zip(names, segments) {
            let part = rest.combined(with: segment.isTrue) { $0 & $1 }
            groups.append(Audience.Group(segment: name, members: part.population))
            rest = rest.combined(with: segment.isTrue) { $0 & ~$1 }
        }
        groups.append(Audience.Group(segment: nil, members: rest.population))
        return try Audience(groups)
    }
}
