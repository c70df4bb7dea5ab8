import Foundation
import PitchOptimizer

/// What was chosen, and how good that is.
struct AllocationSolution {
    let choices: [Int16]
    let objective: Double
    let costMinor: Int64
    let bound: Double
    let isOptimal: Bool
    /// By the name of the limit: what one more unit of it would bring.
    let multipliers: [(name: String, value: Double)]

    init(_ found: Allocation) {
        (choices, objective, costMinor) = (found.choices, found.value, found.costMinor)
        (bound, isOptimal) = (found.bound, found.isOptimal)
        multipliers = [("budget", found.multiplier)]
    }

    init(_ found: LimitedAllocation, names: [String]) {
        (choices, objective, costMinor) = (found.choices, found.value, found.costMinor)
        (bound, isOptimal) = (found.bound, found.isOptimal)
        multipliers = zip(names, found.rows.map(\.multiplier)).map { ($0, $1) }
    }
}

/// As text and as JSON.
struct AllocationReport: Encodable {
    struct Multiplier: Encodable {
        let limit: String
        let conversionsPerUnit: Double
    }

    let format = 1
    let members: Int
    let offers: Int
    let given: Int
    let objective: Double
    let costMinor: Int64
    /// What no choice can pass.
    let bound: Double
    /// How far the bound is above the objective, as a share of it.
    let gap: Double
    /// Whether a search proved that no choice is better, however far the bound is.
    let isOptimal: Bool
    let binding: [Multiplier]
    let seconds: Double
    let readSeconds: Double
    let peakMb: Double

    init(
        _ instance: AllocationInstance, _ solution: AllocationSolution, seconds: Double,
        readSeconds: Double
    ) {
        members = instance.table.members
        offers = instance.table.offers
        given = solution.choices.count { $0 >= 0 }
        objective = solution.objective
        costMinor = solution.costMinor
        bound = solution.bound
        let distance = max(0, solution.bound - solution.objective)
        gap = distance == 0 ? 0 : distance / max(abs(solution.bound), .leastNormalMagnitude)
        isOptimal = solution.isOptimal
        binding = solution.multipliers.filter { $0.value > 0 }
            .map { Multiplier(limit: $0.name, conversionsPerUnit: $0.value) }
        self.seconds = seconds
        self.readSeconds = readSeconds
        var used = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &used)
        peakMb = Double(used.ru_maxrss) / 1024
    }

    var text: String {
        let limits = binding.map { "\($0.limit) (\($0.conversionsPerUnit) a unit)" }
        return """
            \(given) of \(members) members get one of \(offers) offers
            objective \(objective), cost \(costMinor) minor units
            bound \(bound), gap \(gap)\(isOptimal ? ", proven optimal" : "")
            binding: \(limits.isEmpty ? "no limit" : limits.joined(separator: ", "))
            \(String(format: "%.3f s, read in %.3f s, %.0f MB", seconds, readSeconds, peakMb))
            """
    }
}
