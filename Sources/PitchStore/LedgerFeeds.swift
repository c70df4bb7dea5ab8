import GRDB
import PitchProgram
import PitchSchema

extension Store {
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
