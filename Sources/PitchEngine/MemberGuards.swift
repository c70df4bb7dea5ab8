import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// The guards of a strategy that look at a member and the hour: quiet hours, and who is held out.
struct MemberGuards {
    private let strategy: Strategy
    private let base: CustomerBase
    private let salt: String
    /// The members' own `zone`, when they have one.
    private let zone: MemberField?
    private let projectEnd: Int64?

    /// - Parameters:
    ///   - salt: draws who is held out.
    ///   - isByRow: reads the rows of those asked for, not the whole column.
    init(_ strategy: Strategy, _ base: CustomerBase, salt: String, isByRow: Bool) throws {
        self.strategy = strategy
        self.base = base
        self.salt = salt
        let members = base.program.members.map { base.program.dataSets[$0.index] }
        let field = members?.field(named: "zone")
        zone =
            strategy.quiet == nil
            ? nil : try field.map { try MemberField($0, base, isByRow: isByRow) }
        projectEnd = strategy.quiet?.end(at: base.moment.now, in: base.moment.zone)
    }

    /// When the quiet hours end in which it is now for a member; nil outside of them. A member
    /// without a zone, or with one that nobody knows, has the project's.
    func quietEnd(of member: Int) throws -> Int64? {
        guard let quiet = strategy.quiet else { return nil }
        guard case .text(let name)? = try zone?.value(of: member), let rules = ZoneRules.named(name)
        else { return projectEnd }
        return quiet.end(at: base.moment.now, in: rules)
    }

    /// Whether a member is drawn to get nothing. The draw does not depend on the share, so that a
    /// raised share keeps those who were out.
    func holdsOut(_ key: String) -> Bool {
        strategy.holdOut > 0
            && SHA256.draw(salt: salt, key: key) % 1_000_000 < UInt64(strategy.holdOut)
    }
}
