import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema

/// The columnar runtime on a population, before and after a poll.
struct ColumnarSubject {
    let population: Population
    let poll: Poll
    let queries: ColumnarQueries
    var ways: WaysToRun?
    private let columns: ColumnCache
    private let polledColumns: ColumnCache
    private let standing: Standing

    /// The rules of a poll, as they were answered before it.
    private final class Standing {
        var rules: StandingRules
        init(_ rules: StandingRules) { self.rules = rules }
    }

    init(members: Int) throws {
        queries = try ColumnarQueries()
        population = Population(members: members)
        poll = Poll(of: population)
        columns = ColumnCache(PopulationColumns(population, queries.program))
        polledColumns = ColumnCache(PopulationColumns(poll.population, queries.program))
        let rules = queries.queries.first { $0.isPoll }?.predicates ?? []
        standing = Standing(StandingRules(rules))
        _ = try standing.rules.ask(runtime(columns), changed: [])
    }

    /// The query, compiled anew, over all members or those of the poll, and the CPU seconds of it.
    func select(_ query: ColumnarQueries.Query) throws -> (selections: [Selection], Double) {
        let start = processSeconds()
        let runtime = runtime(query)
        guard query.isPoll else {
            return (try runtime.select(query.predicates), processSeconds() - start)
        }
        _ = try standing.rules.ask(runtime, changed: poll.members)
        let seconds = processSeconds() - start
        let selections = standing.rules.selections.map { $0.gathered(at: poll.members) }
        _ = try standing.rules.ask(self.runtime(columns), changed: poll.members)
        return (selections, seconds)
    }

    func runtime(_ query: ColumnarQueries.Query) -> ColumnarRuntime {
        let runtime = runtime(query.isPoll ? polledColumns : columns)
        runtime.keepsAggregates = query.keepsAggregates
        return runtime
    }

    private func runtime(_ columns: ColumnCache) -> ColumnarRuntime {
        let runtime = ColumnarRuntime(
            program: queries.program, moment: ColumnarQueries.moment, columns: columns)
        if let ways { (runtime.family, runtime.threads) = (ways.kernels, ways.threads) }
        return runtime
    }

    /// How many members a query is about.
    func rows(of query: ColumnarQueries.Query) -> Int {
        query.isPoll ? poll.members.count : population.count
    }
}

/// The evaluator over the first members, and over the first with new actions.
struct TreeWalk {
    private let records: [MemberRecord]
    private let polledRecords: [MemberRecord]
    private let evaluator: Evaluator
    /// Many predicates take long: fewer members tell as much.
    private static let manyRules = 10_000

    init(_ subject: ColumnarSubject, members: Int) {
        let program = subject.queries.program
        records = subject.population.records(0..<min(members, subject.population.count), program)
        polledRecords = subject.poll.members.prefix(min(members, Self.manyRules)).flatMap {
            subject.poll.population.records(Int($0)..<Int($0) + 1, program)
        }
        evaluator = Evaluator(
            program: program, moment: ColumnarQueries.moment, tables: NoTables())
    }

    func rows(of query: ColumnarQueries.Query) -> Int { records(for: query).count }

    private func records(for query: ColumnarQueries.Query) -> ArraySlice<MemberRecord> {
        if query.isPoll { return polledRecords[...] }
        return query.predicates.count > 1 ? records.prefix(Self.manyRules) : records[...]
    }

    /// Whom each predicate selects of these members, and the CPU seconds of it.
    func select(_ query: ColumnarQueries.Query) -> (selected: [Bitmap], Double) {
        let start = processSeconds()
        let records = records(for: query)
        let selected = query.predicates.map { predicate in
            var bitmap = Bitmap(count: records.count)
            // In place: copies would count the references of what a predicate never reads.
            records.withUnsafeBufferPointer { records in
                for row in records.indices
                where (try? evaluator.evaluate(predicate, for: records[row])) == .truth(true) {
                    bitmap[row] = true
                }
            }
            return bitmap
        }
        return (selected, processSeconds() - start)
    }
}

/// What one query took, in both.
struct QueryTimes {
    let name: String
    /// Of all predicates, over all members.
    let matches: Int
    /// CPU nanoseconds a member.
    let columnar: Spread
    let treeWalk: Spread
    /// Of each round by itself.
    let ratio: Spread
}

/// Measures round by round, both engines in turn, after a round that is not counted: it reads the
/// columns and holds the answers against each other.
struct ColumnarRounds {
    let subject: ColumnarSubject
    let rounds: Int
    private let treeWalk: TreeWalk
    private static let runsARound = 3

    init(_ subject: ColumnarSubject, rounds: Int, treeWalkMembers: Int) {
        self.subject = subject
        self.rounds = rounds
        treeWalk = TreeWalk(subject, members: treeWalkMembers)
    }

    func measure(_ queries: [ColumnarQueries.Query]) throws -> [QueryTimes] {
        let matches = try queries.map(agreedMatches)
        var columnar = [[Double]](repeating: [], count: queries.count)
        var walked = columnar
        for _ in 0..<rounds {
            for (index, query) in queries.enumerated() {
                let runs = query.predicates.count > 1 ? 1 : Self.runsARound
                let seconds = try (0..<runs).map { _ in try subject.select(query).1 }
                let rows = Double(subject.rows(of: query))
                columnar[index].append(Spread(seconds).median * 1e9 / rows)
                walked[index].append(
                    treeWalk.select(query).1 * 1e9 / Double(treeWalk.rows(of: query)))
            }
        }
        return queries.indices.map { index in
            QueryTimes(
                name: queries[index].name, matches: matches[index],
                columnar: Spread(columnar[index]), treeWalk: Spread(walked[index]),
                ratio: Spread(zip(walked[index], columnar[index]).map { $0 / $1 }))
        }
    }

    /// Every predicate's answer for every member of the prefix, compared.
    private func agreedMatches(_ query: ColumnarQueries.Query) throws -> Int {
        let selections = try subject.select(query).selections
        let expected = treeWalk.select(query).selected
        for (index, (selection, expected)) in zip(selections, expected).enumerated() {
            for row in 0..<expected.count where selection.isTrue[row] != expected[row] {
                throw BenchError.differs(query: query.name, predicate: index, member: row)
            }
        }
        return selections.reduce(0) { $0 + $1.isTrue.population }
    }
}
