import PitchOptimizer
import PitchProgram
import PitchSchema

/// Reads what was found into a report: sums from scratch, over cells.
struct ChoiceReading {
    let found: ChoiceSolver.Found
    let rows: [ChoiceRow]
    let cells: ChoiceCells
    let offers: [Offer]
    let outlook: OfferOutlook
    let value: ChoiceValue
    let program: Program

    /// What the objective counts in one unit of the report.
    private var objectiveUnit: Double { value.isCost ? OfferOutlook.scale : 1 }

    func fill(_ report: inout ChoiceReport) {
        let counts = found.counts
        func sum(_ use: (Int, Int) -> Double) -> Double {
            var total = 0.0
            for (cell, counts) in counts.enumerated() {
                for (offer, count) in counts.enumerated() where count > 0 {
                    total += Double(count) * use(cell, offer)
                }
            }
            return total
        }
        report.chosen = offers.enumerated().map { offer, name in
            (program.name(of: name) ?? "", counts.reduce(0) { $0 + $1[offer] })
        }
        report.conversions = sum { outlook.conversions[cells.cells[$0].group][$1] }
        report.costMinor = sum {
            outlook.costs[cells.cells[$0].group][$1] + ChoiceRows.message(cells.cells[$0])
        } / OfferOutlook.scale
        report.value = value.start + sum { value.of(cells.cells[$0], $1) } / objectiveUnit
        report.bound = value.start + found.bound / objectiveUnit
        report.gap = found.gap
        if let least = value.leastScore, report.value < least - 1e-12 {
            report.scoreTooLow = report.value
        }
        report.limits = limits { uses in sum { uses[$0][$1] } }
    }

    /// - Parameter sum: of what offers use, `[cell][offer]`, over those given.
    private func limits(_ sum: ([[Double]]) -> Double) -> [ChoiceReport.Limit] {
        var seen: [ChoiceReport.Limit] = []
        for (row, multiplier) in zip(rows, found.multipliers) {
            let limit = limit(row, multiplier, sum)
            // Of the rows of one limit the tightest is told.
            if let place = seen.firstIndex(where: { $0.name == limit.name }) {
                let isTighter = limit.used - limit.limit > seen[place].used - seen[place].limit
                if isTighter { seen[place] = limit }
            } else {
                seen.append(limit)
            }
        }
        return seen
    }

    private func limit(
        _ row: ChoiceRow, _ multiplier: Double, _ sum: ([[Double]]) -> Double
    ) -> ChoiceReport.Limit {
        let now = sum(row.uses) + row.before
        let isMoney = row.unit == .money || row.unit == .ratio
        let unit = isMoney ? OfferOutlook.scale : 1
        let perExtra = multiplier * unit / objectiveUnit
            * (isMoney ? 100 * program.project.currency.minorPerMajor : 1)
        var (used, limit) = (now / unit, row.limit / unit)
        if row.isFloor { (used, limit) = (0 - used, 0 - limit) }
        if let returned = row.returned {
            // The row is least · cost − worth: what is worth ÷ cost is told.
            let cost = sum(returned.costs) + returned.costBefore
            (used, limit) = (
                cost > 0 ? (returned.least * cost - now) / cost : 0, returned.least
            )
        }
        return ChoiceReport.Limit(
            name: row.name, unit: row.unit.rawValue, used: used, limit: limit,
            binds: multiplier > 0, perExtra: perExtra)
    }
}

extension Currency {
    /// 100 for currencies of two digits.
    fileprivate var minorPerMajor: Double {
        (0..<digits).reduce(1.0) { power, _ in power * 10 }
    }
}

extension ChoiceReport.Conflict {
    /// - Parameters:
    ///   - conflicting: places in `rows`; `relaxations` has one for each row.
    init(
        _ conflicting: [Int], _ relaxations: [Double], _ isLeast: Bool, _ rows: [ChoiceRow]
    ) {
        func unit(_ row: ChoiceRow) -> Double {
            row.unit == .money || row.unit == .ratio ? OfferOutlook.scale : 1
        }
        var names: [String] = []
        for row in conflicting where !names.contains(rows[row].name) {
            names.append(rows[row].name)
        }
        self.init(
            limits: names,
            relaxations: zip(rows, relaxations).filter { $1 > 0 }.map { row, by in
                Relaxation(name: row.name, unit: row.unit.rawValue, by: by / unit(row))
            }, isLeast: isLeast)
    }
}
