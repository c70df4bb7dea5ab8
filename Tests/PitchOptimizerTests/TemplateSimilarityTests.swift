import Testing

@testable import PitchOptimizer

@Suite struct TemplateSimilarityTests {
    private static let words = ["spring", "festival", "coffee", "travel", "apparel"]

    private func offer(_ random: inout Seeded, kinds: [String]) -> CouponCopies {
        let face = Int64(random.int(1...50) * 100)
        return CouponCopies(
            CouponOffer(
                name: "\(random.int(0...99))", kind: random.pick(kinds),
                faceMinor: random.unit() < 0.1 ? nil : face,
                thresholdMinor: random.unit() < 0.5 ? nil : face * 5, worstMinor: face),
            copies: random.int(1...3))
    }

    private func items(_ random: inout Seeded, kinds: [String]) -> [TemplateItem] {
        (0..<random.int(1...5)).map { _ in
            TemplateItem(
                (0..<random.int(1...3)).map { _ in offer(&random, kinds: kinds) },
                quantity: random.int(0...5_000))
        }
    }

    private func template(
        _ random: inout Seeded, kinds: [String] = ["cash", "percent", "gift"]
    ) -> Template {
        let theme = ThemeWords(Self.words.filter { _ in random.unit() < 0.4 })
        return Template(items(&random, kinds: kinds), theme: theme)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func isSymmetricAndBetweenNothingAndOne(seed: UInt64) {
        var random = Seeded(seed)
        let (one, other) = (template(&random), template(&random))
        let similarity = TemplateSimilarity.similarity(one, other)
        #expect(similarity == TemplateSimilarity.similarity(other, one))
        #expect((0...1).contains(similarity))
        #expect(one == other || similarity < 1)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func isOneForTheSameInAnyOrder(seed: UInt64) {
        var random = Seeded(seed)
        let one = template(&random)
        let shuffled = Template(
            one.items.map { item in
                TemplateItem(item.coupons.shuffled(using: &random), quantity: item.quantity)
            }.shuffled(using: &random), theme: one.theme)
        #expect(TemplateSimilarity.similarity(one, one) == 1)
        #expect(TemplateSimilarity.similarity(one, shuffled) == 1)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func isNothingForNothingShared(seed: UInt64) {
        var random = Seeded(seed)
        let one = Template(items(&random, kinds: ["cash"]), theme: ThemeWords(["spring sale"]))
        let other = Template(items(&random, kinds: ["gift"]), theme: ThemeWords(["coffee"]))
        #expect(TemplateSimilarity.similarity(one, other) == 0)
    }

    /// Away from a template, one part at a time: every further step is less alike.
    @Test(arguments: 0..<100 as Range<UInt64>, ["kind", "face", "threshold", "worst", "copies"])
    func fallsWithEveryPartOfACoupon(seed: UInt64, part: String) {
        var random = Seeded(seed)
        let one = template(&random)
        let similarities = (0..<4).map { step in
            var coupons = one.items[0].coupons
            var offer = coupons[0].offer
            switch part {
            case "kind": offer.kind = step == 0 ? offer.kind : "other"
            case "face": offer.faceMinor = offer.faceMinor.map { $0 + Int64(step * 10_000) }
            case "threshold":
                offer.thresholdMinor = (offer.thresholdMinor ?? 1) + Int64(step * 90_000)
            case "worst": offer.worstMinor += Int64(step * 10_000)
            default: coupons[0].copies += 5 * step
            }
            coupons[0].offer = offer
            let item = TemplateItem(coupons, quantity: one.items[0].quantity)
            let moved = Template([item] + one.items.dropFirst(), theme: one.theme)
            return TemplateSimilarity.similarity(one, moved)
        }
        #expect(zip(similarities, similarities.dropFirst()).allSatisfy { $0 >= $1 })
        let unmoved = part == "face" && one.items[0].coupons[0].offer.faceMinor == nil
        #expect(unmoved || similarities[3] < 1)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func fallsWithQuantitiesAndWords(seed: UInt64) {
        var random = Seeded(seed)
        let one = template(&random)
        let quantities = (0..<4).map { step in
            let item = TemplateItem(
                one.items[0].coupons, quantity: one.items[0].quantity + step * 6_000)
            let moved = Template([item] + one.items.dropFirst(), theme: one.theme)
            return TemplateSimilarity.similarity(one, moved)
        }
        #expect(zip(quantities, quantities.dropFirst()).allSatisfy { $0 > $1 })
        let words = (0..<4).map { step in
            let more = one.theme.union(ThemeWords((0..<step).map { "more\($0)" }))
            return TemplateSimilarity.similarity(one, Template(one.items, theme: more))
        }
        #expect(zip(words, words.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(words[1] < words[0])
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func pairsAsWellAsEveryPairing(seed: UInt64) {
        var random = Seeded(seed)
        let rows = random.int(1...4)
        let columns = random.int(rows...5)
        let values = (0..<rows).map { _ in (0..<columns).map { _ in random.unit() } }
        func best(_ row: Int, _ free: Set<Int>) -> Double {
            if row == rows { return 0 }
            return free.reduce(0) {
                max($0, values[row][$1] + best(row + 1, free.subtracting([$1])))
            }
        }
        #expect(abs(Assignment.largestSum(values) - best(0, Set(0..<columns))) < 1e-12)
    }
}
