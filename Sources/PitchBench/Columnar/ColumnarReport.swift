import Foundation

/// The measured queries as a table, as JSON, and held against limits.
struct ColumnarReport: Encodable {
    struct Row: Encodable {
        let name: String
        let matches: Int
        let cpuNsPerRow: Double
        let cpuNsPerRowLeast: Double
        let cpuNsPerRowGreatest: Double
        let treeWalkNsPerRow: Double
        let ratioToTreeWalk: Double
        let ratioLeast: Double
        let ratioGreatest: Double
    }

    let format = 1
    let members: Int
    let kernels: String
    let threads: Int
    let actions: Int
    let ruleAtomUses: Int
    let ruleDistinctAtoms: Int
    let ruleAggregates: Int
    /// Of one thread.
    let readGigabytesPerSecond: Double
    /// What `q1w` reads in a second of that; above 1 where the data fits the caches.
    let wideShareOfReading: Double?
    let queries: [Row]

    init(_ subject: ColumnarSubject, _ times: [QueryTimes]) {
        members = subject.population.count
        kernels = "\(subject.ways?.kernels ?? .best)"
        threads = subject.ways?.threads ?? 1
        actions = subject.population.days.count
        let rules = subject.queries.rules
        ruleAtomUses = rules.uses.count
        ruleDistinctAtoms = Set(rules.uses).count
        ruleAggregates = rules.aggregates.count
        let bandwidth = ReadBandwidth.measure(rounds: 5)
        readGigabytesPerSecond = bandwidth / 1e9
        wideShareOfReading = times.first { $0.name == "q1w" }.map {
            ReadBandwidth.bytesOfWideFilter / $0.columnar.median * 1e9 / bandwidth
        }
        queries = times.map { time in
            Row(
                name: time.name, matches: time.matches, cpuNsPerRow: time.columnar.median,
                cpuNsPerRowLeast: time.columnar.least,
                cpuNsPerRowGreatest: time.columnar.greatest,
                treeWalkNsPerRow: time.treeWalk.median, ratioToTreeWalk: time.ratio.median,
                ratioLeast: time.ratio.least, ratioGreatest: time.ratio.greatest)
        }
    }

    var table: String {
        let head = """
            \(members) members, \(actions) actions; q4: \(ruleAtomUses) conditions, \
            \(ruleDistinctAtoms) different, \(ruleAggregates) aggregates; \(kernels) kernels, \
            \(threads) thread(s)
            CPU nanoseconds a member, median (least…greatest); q4: aggregates kept, q4e: from events,
            q6: the rules for changed members
            """
        let lines = queries.map { row in
            String(
                format: "%@ %9d matches %9.2f (%.2f…%.2f), tree walk %9.1f, ratio %.1f (%.1f…%.1f)",
                row.name.padding(to: 4), row.matches, row.cpuNsPerRow, row.cpuNsPerRowLeast,
                row.cpuNsPerRowGreatest, row.treeWalkNsPerRow, row.ratioToTreeWalk,
                row.ratioLeast, row.ratioGreatest)
        }
        let share = wideShareOfReading.map { String(format: ", q1w %.0f %% of it", $0 * 100) }
        let reading = String(format: "memory is read at %.1f GB/s", readGigabytesPerSecond)
        return ([head] + lines + [reading + (share ?? "")]).joined(separator: "\n")
    }

    /// - Throws: what is slower than its limit, or is not measured.
    func hold(to limits: RatioLimits) throws {
        let faults = limits.limits.sorted { $0.key < $1.key }.compactMap { name, limit in
            guard let row = queries.first(where: { $0.name == name }) else {
                return "\(name) has a limit and is not measured"
            }
            guard row.ratioToTreeWalk < limit else { return nil }
            return String(
                format: "%@ is %.1f times as fast as the tree walk, the limit is %.1f", name,
                row.ratioToTreeWalk, limit)
        }
        let unlimited = queries.map(\.name).filter { limits.limits[$0] == nil }
            .map { "\($0) has no limit" }
        if !(faults + unlimited).isEmpty { throw BenchError.tooSlow(faults + unlimited) }
    }
}
