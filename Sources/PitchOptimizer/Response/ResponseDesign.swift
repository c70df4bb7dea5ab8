import Glibc

/// Where the effects of the model stand in one vector: the level; of every kind its level and the
/// logarithm of its elasticity; of every segment its level. The last kind and the last segment
/// have no rows: they stand for those that history does not know, and keep their prior.
struct EffectLayout: Sendable {
    let kinds: [String: Int]
    let segments: [String: Int]
    /// The logarithm of every kind's middle face: the mean over its rows and, as one more row,
    /// that of all kinds.
    let middles: [Double]
    /// The variance of the logarithm of the face, over all kinds.
    let faceVariance: Double

    /// The effects that one conversion depends on.
    struct Place: Sendable {
        let level: Int
        let elasticity: Int
        /// log(face ÷ middle face); 0 when the face is missing, so that the row or the question
        /// is about the middle face and says nothing of the elasticity.
        let logFace: Double
        /// Of `logFace`, when the face is missing; otherwise 0.
        let faceVariance: Double
        /// Nil: all members together.
        let segment: Int?
    }

    init(_ rows: [CampaignResult], prior: ResponsePrior) {
        let names = Set(rows.map(\.kind)).sorted()
        let groups = Set(rows.compactMap(\.segment)).sorted()
        kinds = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        segments = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
        let known = rows.filter { $0.issued > 0 && $0.faceMinor != nil }
        let faces = known.map { (kind: $0.kind, log: log(Double(max(1, $0.faceMinor ?? 1)))) }
        let unknown = log(Double(prior.middleFaceMinor))
        let all = faces.isEmpty
            ? unknown : faces.reduce(0) { $0 + $1.log } / Double(faces.count)
        let middles = names.map { name in
            let own = faces.filter { $0.kind == name }
            return own.reduce(all) { $0 + $1.log } / Double(1 + own.count)
        }
        self.middles = middles + [all]
        let places = kinds
        let squares = faces.reduce(prior.faceSpread * prior.faceSpread) { sum, face in
            sum + pow(face.log - (places[face.kind].map { middles[$0] } ?? all), 2)
        }
        faceVariance = squares / Double(1 + faces.count)
    }

    var count: Int { 1 + 2 * middles.count + segments.count + 1 }

    func place(kind: String, faceMinor: Int64?, segment: String?) -> Place {
        let kind = kinds[kind] ?? kinds.count
        let logFace = faceMinor.map { log(Double(max(1, $0))) - middles[kind] } ?? 0
        let firstSegment = 1 + 2 * middles.count
        return Place(
            level: 1 + kind, elasticity: 1 + middles.count + kind, logFace: logFace,
            faceVariance: faceMinor == nil ? faceVariance : 0,
            segment: segment.map { firstSegment + (segments[$0] ?? segments.count) })
    }

    /// Mean and variance of every effect before history.
    func priors(_ prior: ResponsePrior) -> (means: [Double], variances: [Double]) {
        var means = [Double](repeating: 0, count: count)
        var spreads = [Double](repeating: prior.segmentSpread, count: count)
        (means[0], spreads[0]) = (logOdds(prior.conversion), prior.levelSpread)
        for kind in middles.indices {
            spreads[1 + kind] = prior.kindSpread
            means[1 + middles.count + kind] = log(prior.elasticity)
            spreads[1 + middles.count + kind] = prior.elasticitySpread
        }
        return (means, spreads.map { $0 * $0 })
    }
}

/// History as the fit reads it.
struct ResponseDesign: Sendable {
    struct Row: Sendable {
        let place: EffectLayout.Place
        /// Its place in `draws`.
        let draw: Int
        let issued: Double
        let converted: Double
    }

    /// Rows that share one draw of luck: those of a campaign. A row without a face stands alone,
    /// because its unknown face moves it too.
    struct Draw: Sendable {
        /// How much it tells about the theme asked for, above 0 to 1.
        let weight: Double
        /// From the unknown face.
        let variance: Double

        func precision(_ spread: Double) -> Double { 1 / (spread * spread / weight + variance) }
    }

    let layout: EffectLayout
    let rows: [Row]
    let draws: [Draw]
    /// Of the effects, before history.
    let means: [Double]
    let variances: [Double]

    /// - Parameter results: in the order of `CampaignResult.precedes`.
    init(_ results: [CampaignResult], theme: ThemeWords, prior: ResponsePrior) {
        let layout = EffectLayout(results, prior: prior)
        (means, variances) = layout.priors(prior)
        let weights = Self.weights(results, theme: theme, prior: prior)
        var draws: [Draw] = []
        var shared: [Int: Int] = [:]
        rows = results.filter { $0.issued > 0 }.map { result in
            let place = layout.place(
                kind: result.kind, faceMinor: result.faceMinor, segment: result.segment)
            let known = result.faceMinor == nil ? nil : shared[result.campaign]
            let draw = known ?? draws.count
            if known == nil {
                let variance = prior.elasticity * prior.elasticity * place.faceVariance
                draws.append(Draw(weight: weights[result.campaign] ?? 1, variance: variance))
            }
            if result.faceMinor != nil { shared[result.campaign] = draw }
            return Row(
                place: place, draw: draw, issued: Double(result.issued),
                converted: Double(result.converted))
        }
        (self.layout, self.draws) = (layout, draws)
    }

    /// Of every campaign, by the words that its theme shares with the theme asked for.
    private static func weights(
        _ results: [CampaignResult], theme: ThemeWords, prior: ResponsePrior
    ) -> [Int: Double] {
        if theme.words.isEmpty { return [:] }
        let least = prior.otherThemeWeight
        let words = Dictionary(results.map { ($0.campaign, $0.theme) }) { $0.union($1) }
        return words.mapValues { least + (1 - least) * ($0.overlap(with: theme) ?? 0) }
    }
}
