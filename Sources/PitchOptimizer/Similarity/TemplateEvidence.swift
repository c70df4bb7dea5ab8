/// What is known of a template's conversion, and how much: the conversion of so many members who
/// decide each for themselves.
///
/// Members of one campaign share its luck, so n of them tell less than n: n ÷ (1 + (n − 1)·ρ), ρ
/// being the correlation of two members of one campaign (the design effect; Kish, 1965). Old and
/// new evidence are averaged by their precisions, which are in proportion to these weights
/// (Cochran, 1954); old evidence fades, because members and seasons change.
package struct TemplateEvidence: Hashable, Sendable {
    /// 0 to 1.
    package let conversion: Double
    /// In members, at least 0.
    package let weight: Double

    /// Old evidence keeps this share of its weight at each update.
    package static let kept = 0.9

    /// Evidence as it was kept: a share, and a weight in members of at least 0.
    package init(conversion: Double, weight: Double) {
        precondition(weight >= 0, "evidence weighs nothing or more")
        self.conversion = conversion
        self.weight = weight
    }

    /// One campaign of a template.
    /// - Parameters:
    ///   - members: how many were issued to, at least 0.
    ///   - correlation: ρ, 0 to 1; see `ResponseModel.correlation(at:)`.
    package init(converted: Int, of members: Int, correlation: Double) {
        precondition(0 <= converted && converted <= members, "only members convert")
        precondition((0...1).contains(correlation), "members are alike from not at all to fully")
        let count = Double(members)
        conversion = members > 0 ? Double(converted) / count : 0
        weight = members > 0 ? count / (1 + (count - 1) * correlation) : 0
    }

    /// w = kept·w₀ + w₁, and the conversion (kept·w₀·p₀ + w₁·p₁) ÷ w.
    package func updated(with new: TemplateEvidence, kept: Double = Self.kept) -> TemplateEvidence {
        precondition((0...1).contains(kept), "a share of the old evidence is kept")
        let old = kept * weight
        let sum = old + new.weight
        if sum <= 0 { return TemplateEvidence(conversion: conversion, weight: 0) }
        return TemplateEvidence(
            conversion: (old * conversion + new.weight * new.conversion) / sum, weight: sum)
    }
}

extension ResponseModel {
    /// How alike two members of one campaign are at a conversion: the variance of the campaigns'
    /// conversions over that of one member's, σ²·p·(1 − p) ÷ (1 + σ²·p·(1 − p)) with σ the spread
    /// of campaigns in log odds (Goldstein, Browne & Rasbash, 2002, by linearisation).
    package func correlation(at conversion: Double) -> Double {
        let square = mean(fits.map { $0.fit.spread * $0.fit.spread })
        let ratio = square * conversion * (1 - conversion)
        return ratio / (1 + ratio)
    }
}
