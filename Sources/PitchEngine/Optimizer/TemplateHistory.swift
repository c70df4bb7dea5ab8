import PitchOptimizer
import PitchProgram
import PitchStore

/// Holds new templates against those of history: one that is like a new one, more than the theme
/// asks for, is updated; else the new one is added.
struct TemplateHistory {
    let basis: ThemeBasis
    let goal: Goal
    let base: CustomerBase
    let ledger: Ledger

    /// What to write: templates of number 0 are new. A number, its words and what was issued under
    /// it stay; its items become those that were tried last, and its conversion and weight are
    /// estimated from old and new evidence (`TemplateEvidence.updated`).
    func merged(_ found: [ThemeSearch.Found]) throws -> [StoredTemplate] {
        var old = try ledger.templates(of: basis.theme.name)
        return found.map { found in
            let likeness = old.map { TemplateSimilarity.similarity($0.template, found.template) }
            let most = likeness.indices.max { likeness[$0] < likeness[$1] }
            let threshold = Double(basis.theme.similarity) / 1e6
            guard let most, likeness[most] > threshold else { return stored(found, over: nil) }
            // Each old one is updated once: of two new ones like it the better takes its number.
            return stored(found, over: old.remove(at: most))
        }
    }

    private func stored(_ found: ThemeSearch.Found, over old: StoredTemplate?) -> StoredTemplate {
        let new = TemplateEvidence(found.trial)
        let evidence = old.map {
            TemplateEvidence(conversion: $0.conversion, weight: $0.weight).updated(with: new)
        } ?? new
        let now = base.moment.now
        return StoredTemplate(
            number: old?.number ?? 0, theme: basis.theme.name,
            words: old?.words ?? basis.theme.words,
            items: base.program.storedItems(
                of: found.template, among: basis.theme.candidates),
            madeAt: old?.madeAt ?? now, conversion: evidence.conversion, weight: evidence.weight,
            trial: StoredTrial(
                at: now, place: found.place, isFrontier: found.isFrontier, basis: basis.text,
                numbers: StoredTrial.Numbers(
                    found.trial, goal: goal.name, audience: basis.audience.members,
                    score: found.score)))
    }
}
