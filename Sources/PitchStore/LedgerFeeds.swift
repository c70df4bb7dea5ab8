import GRDB
import PitchProgram
import PitchSchema

extension Store {
    /// The latest `at` of an event data set that has come at an instant, as stored: milliseconds,
    /// or days where events are dated by day; nil when none has.
    /// - Parameter zone: the project's.
    package func latestEvent(
        of dataSet: DataSetID, upTo instant: Int64, zone: ZoneRules, _ program: Program
    ) throws -> Int64? {
        let declared = program.dataSets[dataSet.index]
        let clock = declared.isDated ? Int64(zone.day(of: instant)) : instant
        return try read("look for the last '\(declared.name)' in") { db in
            let layout = try StoredLayout.current(declared, of: program, in: db)
            let last = try RawStatement(
                db, "SELECT max(at) FROM \(layout.table) WHERE at <= ?")
            last.bind(1, clock)
            guard try last.step(), !last.isMissing(0) else { return nil }
            guard LedgerRow.instants.contains(last.integer(0)) else { throw layout.damage }
            return last.integer(0)
        }
    }

    /// How many events of a data set lie at or before an instant.
    /// - Parameter zone: the project's; an event dated by day lies at the beginning of its day.
    package func eventCount(
        of dataSet: DataSetID, upTo instant: Int64, zone: ZoneRules, _ program: Program
    ) throws -> Int64 {
        let declared = program.dataSets[dataSet.index]
        let clock = declared.isDated ? Int64(zone.day(of: instant)) : instant
        return try read("count '\(declared.name)' in") { db in
            let layout = try StoredLayout.current(declared, of: program, in: db)
            return try Int64.fetchOne(
                db, sql: "SELECT count(*) FROM \(layout.table) WHERE at <= ?", arguments: [clock])
                ?? 0
        }
    }
}
