/// Minimises the smoothed dual of a sample by projected Newton steps at falling temperatures.
struct DualNewton {
    private let sample: SmoothedDual
    /// The greatest multiplier of every row.
    private let ceilings: [Double]
    /// The natural size of every multiplier: a typical value over a typical use.
    private let sizes: [Double]
    private let firstTemperature: Double
    /// The dual below which the rows conflict and there is no minimum.
    private let least: Double
    private(set) var multipliers: [Double]
    /// The temperature of the last steps.
    private(set) var lastTemperature: Double
    /// The regularised Hessian at the last point.
    private(set) var hessian: [Double] = []

    private static let temperatures = 6
    private static let stepsEach = 12
    private static let greatestReach = 1e6

    /// - Parameter valueSize: the size of the priced values at which smoothing starts.
    init(
        _ sample: SmoothedDual, ceilings: [Double], sizes: [Double], valueSize: Double,
        least: Double
    ) {
        (self.sample, self.ceilings, self.sizes, self.least) = (sample, ceilings, sizes, least)
        firstTemperature = 0.3 * valueSize
        lastTemperature = firstTemperature
        multipliers = Array(repeating: 0, count: ceilings.count)
    }

    mutating func run() {
        var temperature = firstTemperature
        // Multipliers of conflicting rows grow without end: the reach of a step doubles instead.
        var reach = 4.0
        for _ in 0..<Self.temperatures {
            lastTemperature = temperature
            for _ in 0..<Self.stepsEach where step(temperature, &reach) { break }
            temperature *= 0.4
        }
    }

    /// - Returns: whether this temperature is done.
    private mutating func step(_ temperature: Double, _ reach: inout Double) -> Bool {
        let point = sample.point(at: multipliers, temperature: temperature, wantsHessian: true)
        // Smoothing adds to the dual, so the sample conflicts all the more.
        if point.value < least, !hessian.isEmpty { return true }
        hessian = regularised(point.hessian)
        let low = multipliers.indices.map { max(-multipliers[$0], -reach * sizes[$0]) }
        let high = multipliers.indices.map {
            min(ceilings[$0] - multipliers[$0], reach * sizes[$0])
        }
        let direction = BoxQuadratic(
            hessian: hessian, gradient: point.gradient, low: low, high: high
        ).minimum()
        let slope = zip(point.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        if slope >= -1e-9 * abs(point.value) { return true }
        let isAtReach = direction.indices.contains {
            abs(direction[$0]) >= 0.99 * reach * sizes[$0]
        }
        var length = 1.0
        for _ in 0..<12 {
            let tried = multipliers.indices.map { multipliers[$0] + length * direction[$0] }
            let value = sample.point(at: tried, temperature: temperature, wantsHessian: false).value
            if value <= point.value + 1e-4 * length * slope {
                multipliers = tried.map { max(0, $0) }
                if isAtReach, length == 1 { reach = min(4 * reach, Self.greatestReach) }
                return false
            }
            length *= 0.5
        }
        return true
    }

    private func regularised(_ hessian: [Double]) -> [Double] {
        var hessian = hessian
        let count = sizes.count
        for row in 0..<count {
            let place = row * count + row
            // Flat directions keep a curvature that moves a natural size for a unit of value.
            let flat = 1e-6 * firstTemperature / (sizes[row] * sizes[row])
            hessian[place] += 1e-7 * hessian[place] + flat
        }
        return hessian
    }
}
