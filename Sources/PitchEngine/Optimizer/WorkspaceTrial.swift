import PitchOptimizer
import PitchProgram
import PitchStore

/// What something is expected to cost and to bring, before anything is issued.
extension Workspace {
    /// Tries coupons, bundles, templates or what a strategy gives.
    /// - Parameters:
    ///   - name: of a coupon, a bundle or a strategy, or the number of a template.
    ///   - audience: a segment or a condition; nil: a template's theme, a strategy's `for`, or
    ///     every member.
    /// - Throws: `usage` for a name that is none of these.
    package func trial(
        of name: String, on audience: String? = nil
    ) throws(WorkspaceError) -> (trials: [TrialRecord], notes: [String], currency: String) {
        let program = try checkedProgram()
        let condition = try audience.map { text throws(WorkspaceError) in try predicate(text) }
        return try read { base in
            let ledger = Ledger(base.store)
            let subject = try TrialSubject(name, program, ledger)
            let history = try ResponseHistory(base, ledger)
            let groups = ResponseGroups(history, base.program)
            let audience: Audience
            do {
                audience = try groups.audience(condition ?? subject.audience, in: base)
            } catch OptimizerError.emptyAudience {
                throw WorkspaceError(.usage, "no member is in this audience")
            }
            let model = try history.model(for: subject.theme)
            let trials = try subject.templates(audience.members).map { name, template in
                TrialRecord(
                    name: name,
                    numbers: StoredTrial.Numbers(
                        try PitchOptimizer.trial(template, on: audience, with: model), goal: "",
                        audience: audience.members, score: nil))
            }
            return (trials, subject.notes(model, history), program.project.currency.code)
        }
    }
}

/// What is tried: offers, one for each member of an audience, or a template as it is.
private struct TrialSubject {
    private let program: Program
    private let offers: [Offer]
    private let template: StoredTemplate?
    let theme: Theme?
    let audience: Expression?

    init(_ name: String, _ program: Program, _ ledger: Ledger) throws {
        self.program = program
        if let number = Int64(name) {
            template = try ledger.templates().first { $0.number == number }
            guard let template else {
                throw WorkspaceError(.usage, "there is no template \(number)")
            }
            offers = []
            theme = program.themes.first { $0.name == template.theme }
            audience = theme?.audience
            return
        }
        let strategy = program.plans.flatMap { plan in
            plan.strategies.filter { [$0.name, "\(plan.name).\($0.name)"].contains(name) }
        }.first
        if let offer = program.offer(named: name) {
            (offers, template, theme, audience) = ([offer], nil, nil, nil)
        } else if let strategy {
            offers = program.offers(of: strategy)
            (template, audience) = (nil, strategy.audience)
            if case .picked(let index)? = strategy.gift {
                theme = program.themes[index]
            } else {
                theme = nil
            }
        } else {
            throw WorkspaceError(
                .usage, "there is no coupon, bundle, template or strategy '\(name)'")
        }
        let unbounded = offers.flatMap { program.items(of: $0) }
            .map { program.coupons[$0.coupon] }.first { $0.worstCaseMinor == nil }
        if let unbounded {
            throw WorkspaceError(.usage, "nothing bounds what '\(unbounded.name)' can cost")
        }
        if offers.isEmpty { throw WorkspaceError(.usage, "strategy '\(name)' gives nothing") }
    }

    func templates(_ members: Int) -> [(String, Template)] {
        if let template { return [("template \(template.number)", template.template)] }
        return offers.map { offer in
            (
                program.name(of: offer) ?? "",
                Template([TemplateItem(program.copies(of: offer), quantity: members)])
            )
        }
    }

    /// What the estimates of each kind rest on.
    func notes(_ model: ResponseModel, _ history: ResponseHistory) -> [String] {
        let coupons = template.map { $0.items.flatMap(\.coupons).map { ($0.name, $0.kind) } }
            ?? offers.flatMap { program.copies(of: $0) }.map { ($0.offer.name, $0.offer.kind) }
        var seen: Set<String> = []
        return coupons.compactMap { name, kind in
            guard seen.insert(kind).inserted else { return nil }
            if history.expected.contains(name) {
                return "\(kind): no history; 'expect use' of '\(name)' counts as "
                    + "\(ResponseHistory.expectedMembers) members"
            }
            let face = model.elasticity(of: kind)
            if face.rowsWithFace + face.rowsWithoutFace == 0 {
                return "\(kind): no history; all of it is a guess"
            }
            var text = "\(kind): \(face.rowsWithFace + face.rowsWithoutFace) results"
            if face.rowsWithoutFace > 0 { text += ", \(face.rowsWithoutFace) without a face" }
            return text
        }
    }
}
