import Testing

@testable import PitchOptimizer

@Suite struct TemplateEvidenceTests {
    @Test func averagesByWeight() {
        let old = TemplateEvidence(conversion: 0.10, weight: 100)
        let new = TemplateEvidence(conversion: 0.04, weight: 10)
        let both = old.updated(with: new, kept: 0.9)
        #expect(abs(both.weight - 100) < 1e-9)
        #expect(abs(both.conversion - 0.094) < 1e-12)
    }

    @Test func liesBetweenOldAndNew() {
        var random = Seeded(7)
        for _ in 0..<200 {
            let old = TemplateEvidence(conversion: random.unit(), weight: 1_000 * random.unit())
            let new = TemplateEvidence(conversion: random.unit(), weight: 1_000 * random.unit())
            let both = old.updated(with: new, kept: random.unit())
            let (low, high) = (
                min(old.conversion, new.conversion), max(old.conversion, new.conversion)
            )
            #expect(low - 1e-12 <= both.conversion && both.conversion <= high + 1e-12)
            #expect(both.weight >= new.weight)
        }
    }

    @Test func membersOfOneCampaignTellLessThanSoMany() {
        let alone = TemplateEvidence(converted: 50, of: 1_000, correlation: 0)
        let alike = TemplateEvidence(converted: 50, of: 1_000, correlation: 0.01)
        #expect(alone.weight == 1_000)
        #expect(abs(alike.weight - 1_000 / 10.99) < 1e-9)
        #expect(TemplateEvidence(converted: 0, of: 0, correlation: 0.5).weight == 0)
    }

    @Test func withoutEvidenceNothingChanges() {
        let old = TemplateEvidence(conversion: 0.2, weight: 0)
        #expect(old.updated(with: TemplateEvidence(conversion: 0, weight: 0)) == old)
    }

    /// Evidence of many campaigns comes to lie at their conversion, and its weight stays bounded.
    @Test func settlesAtWhatIsSeen() {
        var evidence = TemplateEvidence(conversion: 0.5, weight: 500)
        for _ in 0..<60 {
            evidence = evidence.updated(
                with: TemplateEvidence(converted: 80, of: 1_000, correlation: 0.005))
        }
        #expect(abs(evidence.conversion - 0.08) < 0.01)
        #expect(evidence.weight < 1_000 / 5.995 / (1 - TemplateEvidence.kept) + 1)
    }

    @Test func correlationGrowsAsCampaignsDiffer() throws {
        func correlation(_ converted: [Int]) throws -> Double {
            let rows = converted.enumerated().map { campaign, count in
                CampaignResult(
                    campaign: campaign, kind: "cash", faceMinor: 500, issued: 1_000,
                    converted: count)
            }
            return try ResponseModel(history: rows).correlation(at: 0.1)
        }
        let alike = try correlation(Array(repeating: 100, count: 20))
        let unlike = try correlation((0..<20).map { $0 % 2 == 0 ? 50 : 150 })
        #expect(alike > 0 && unlike > 5 * alike && unlike < 0.1)
    }
}
