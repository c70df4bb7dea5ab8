import Glibc

/// The most likely effects for one spread between campaigns, and how sure they are.
///
/// log odds of conversion = level + kind + exp(elasticity) · log(face ÷ middle) + segment + luck,
/// a campaign's luck being normal around 0 with variance spread² ÷ weight. Mode and
/// curvature stand for the distribution of the effects, and give the likelihood of the spread
/// (Laplace's method; Breslow & Clayton, 1993; Tierney & Kadane, 1986).
struct ResponseFit: Sendable {
    let spread: Double
    let effects: [Double]
    private let draws: [Double]
    let covariance: SymmetricMatrix
    let logEvidence: Double

    private static let mostSteps = 60
    private static let mostHalvings = 30

    /// - Parameter start: a fit to start from, such as that of a spread nearby.
    init(_ design: ResponseDesign, spread: Double, from start: ResponseFit?) {
        let (point, height) = Self.top(design, spread, from: start)
        let curve = Curvature(design, spread, at: point)
        let factor = curve.matrix.factored()
        self.spread = spread
        (effects, draws) = (point.effects, point.draws)
        covariance = factor.inverse()
        let widths = design.draws.reduce(0) { $0 + log($1.precision(spread)) }
        let depths = curve.depths.reduce(0) { $0 + log($1) }
        logEvidence = height + 0.5 * (widths - depths - factor.logDeterminant)
    }

    /// Climbs the posterior by Fisher scoring; a step that would lead down is halved.
    private static func top(
        _ design: ResponseDesign, _ spread: Double, from start: ResponseFit?
    ) -> (point: Point, height: Double) {
        var point = Point(
            effects: start?.effects ?? design.means,
            draws: start?.draws ?? Array(repeating: 0, count: design.draws.count))
        var height = point.logPosterior(design, spread)
        for _ in 0..<mostSteps {
            let step = Curvature(design, spread, at: point).step()
            var length = 1.0
            var next = point.moved(by: step, length)
            var nextHeight = next.logPosterior(design, spread)
            for _ in 0..<mostHalvings where nextHeight < height {
                length /= 2
                next = point.moved(by: step, length)
                nextHeight = next.logPosterior(design, spread)
            }
            if nextHeight < height { break }
            let gain = nextHeight - height
            (point, height) = (next, nextHeight)
            if gain < 1e-9 { break }
        }
        return (point, height)
    }

    /// - Returns: log odds.
    func value(_ place: EffectLayout.Place) -> Double {
        Point(effects: effects, draws: []).fixedPart(place)
    }

    /// How the log odds change with the effects; all others do not matter.
    func gradient(_ place: EffectLayout.Place) -> [(effect: Int, by: Double)] {
        Point(effects: effects, draws: []).gradient(place)
    }

    /// The variance of the log odds of a future campaign: from not knowing the effects, from not
    /// knowing the face, and between campaigns.
    func variance(_ place: EffectLayout.Place) -> Double {
        variance(gradient(place)) + faceVariance(place) + spread * spread
    }

    /// The part of it that comes from not knowing the face.
    func faceVariance(_ place: EffectLayout.Place) -> Double {
        exp(2 * effects[place.elasticity]) * place.faceVariance
    }

    /// The variance of a sum of effects.
    func variance(_ gradient: [(effect: Int, by: Double)]) -> Double {
        var sum = 0.0
        for one in gradient {
            for other in gradient {
                sum += one.by * other.by * covariance[one.effect, other.effect]
            }
        }
        return max(0, sum)
    }
}

extension ResponseFit {
    /// Values for all effects and all draws of luck.
    fileprivate struct Point {
        var effects: [Double]
        var draws: [Double]

        func fixedPart(_ place: EffectLayout.Place) -> Double {
            effects[0] + effects[place.level] + exp(effects[place.elasticity]) * place.logFace
                + (place.segment.map { effects[$0] } ?? 0)
        }

        func gradient(_ place: EffectLayout.Place) -> [(effect: Int, by: Double)] {
            let slope = exp(effects[place.elasticity]) * place.logFace
            var gradient = [
                (effect: 0, by: 1.0), (effect: place.level, by: 1.0),
                (effect: place.elasticity, by: slope),
            ]
            if let segment = place.segment { gradient.append((effect: segment, by: 1)) }
            return gradient
        }

        func moved(by step: (effects: [Double], draws: [Double]), _ length: Double) -> Point {
            Point(
                effects: zip(effects, step.effects).map { $0 + length * $1 },
                draws: zip(draws, step.draws).map { $0 + length * $1 })
        }

        func logPosterior(_ design: ResponseDesign, _ spread: Double) -> Double {
            var sum = 0.0
            for row in design.rows {
                let odds = fixedPart(row.place) + draws[row.draw]
                sum += row.converted * odds - row.issued * softplus(odds)
            }
            for (effect, value) in effects.enumerated() {
                sum -= 0.5 * pow(value - design.means[effect], 2) / design.variances[effect]
            }
            for (draw, value) in draws.enumerated() {
                sum -= 0.5 * value * value * design.draws[draw].precision(spread)
            }
            return sum
        }
    }

    /// Slopes and expected curvature of the log posterior. Every row has one draw, so the
    /// draws' part is diagonal and is eliminated first.
    fileprivate struct Curvature {
        /// Of the effects, after the draws are eliminated.
        var matrix: SymmetricMatrix
        private var slopes: [Double]
        /// Of every draw: its own curvature, its slope, and its curvature with the effects.
        private(set) var depths: [Double]
        private var drawSlopes: [Double]
        private var links: [[Double]]

        init(_ design: ResponseDesign, _ spread: Double, at point: Point) {
            let precisions = design.draws.map { $0.precision(spread) }
            matrix = SymmetricMatrix(diagonal: design.variances.map { 1 / $0 })
            slopes = point.effects.indices.map {
                (design.means[$0] - point.effects[$0]) / design.variances[$0]
            }
            depths = precisions
            drawSlopes = zip(precisions, point.draws).map { -$0 * $1 }
            let none = [Double](repeating: 0, count: slopes.count)
            links = Array(repeating: none, count: precisions.count)
            for row in design.rows { add(row, point) }
            for draw in depths.indices { eliminate(draw) }
        }

        private mutating func add(_ row: ResponseDesign.Row, _ point: Point) {
            let share = logistic(point.fixedPart(row.place) + point.draws[row.draw])
            let surprise = row.converted - row.issued * share
            let curvature = row.issued * share * (1 - share)
            let gradient = point.gradient(row.place)
            for one in gradient {
                slopes[one.effect] += one.by * surprise
                links[row.draw][one.effect] += one.by * curvature
                for other in gradient {
                    matrix[one.effect, other.effect] += one.by * other.by * curvature
                }
            }
            depths[row.draw] += curvature
            drawSlopes[row.draw] += surprise
        }

        private mutating func eliminate(_ draw: Int) {
            let link = links[draw]
            let touched = link.indices.filter { link[$0] != 0 }
            for one in touched {
                slopes[one] -= link[one] * drawSlopes[draw] / depths[draw]
                for other in touched {
                    matrix[one, other] -= link[one] * link[other] / depths[draw]
                }
            }
        }

        func step() -> (effects: [Double], draws: [Double]) {
            let effects = matrix.factored().solved(slopes)
            let draws = depths.indices.map { draw in
                let shift = zip(links[draw], effects).reduce(0) { $0 + $1.0 * $1.1 }
                return (drawSlopes[draw] - shift) / depths[draw]
            }
            return (effects, draws)
        }
    }
}
