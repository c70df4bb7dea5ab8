import GRDB

/// The versions of the store's tables, oldest first. A version that was ever released never
/// changes; a change is a new one at the end.
enum StoreMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 data", migrate: createDataTables)
        LedgerSchema.register(in: &migrator)
        migrator.registerMigration("10 redated") {
            try $0.execute(sql: RowSightings.formerMigration)
        }
        migrator.registerMigration("11 columns", migrate: addColumnStamps)
        migrator.registerMigration("12 indexes") { try $0.execute(sql: EventIndexes.migration) }
        migrator.registerMigration("12 sightings") { try $0.execute(sql: RowSightings.migration) }
        migrator.registerMigration("13 arrivals") { try $0.execute(sql: RowArrivals.migration) }
        migrator.registerMigration("14 work") { try $0.execute(sql: RunWork.migration) }
        migrator.registerMigration("15 crowds") { try $0.execute(sql: LedgerSchema.crowds) }
        migrator.registerMigration("16 arrived") {
            try $0.execute(sql: "ALTER TABLE ledger_outcome ADD COLUMN arrived_at INTEGER")
        }
        migrator.registerMigration("17 templates") { database in
            for statement in TemplateSchema.statements { try database.execute(sql: statement) }
        }
        return migrator
    }

    /// `stamp` is drawn anew whenever rows change; `kept` is the one that the files of columns had
    /// when they were last written, since when `changed_row` has the rows that were replaced.
    private static func addColumnStamps(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE data_set ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE data_set ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
                UPDATE data_set SET stamp = random();
                CREATE TABLE changed_row (
                    data_set INTEGER NOT NULL, row INTEGER NOT NULL,
                    PRIMARY KEY (data_set, row)) WITHOUT ROWID;
                """)
    }

    /// Rows of data set n lie in `rows_<n>`, which `StoredDataSet` makes.
    private static func createDataTables(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE data_set (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE,
                    kind TEXT NOT NULL,
                    identity TEXT NOT NULL,
                    reading TEXT NOT NULL,
                    files TEXT NOT NULL DEFAULT '');
                CREATE TABLE data_field (
                    data_set INTEGER NOT NULL REFERENCES data_set,
                    name TEXT NOT NULL,
                    place INTEGER NOT NULL,
                    reading TEXT NOT NULL,
                    PRIMARY KEY (data_set, name));
                CREATE TABLE data_file (
                    id INTEGER PRIMARY KEY,
                    data_set INTEGER NOT NULL REFERENCES data_set,
                    path TEXT NOT NULL,
                    identity TEXT NOT NULL,
                    content TEXT NOT NULL,
                    rows INTEGER NOT NULL,
                    quarantined INTEGER NOT NULL,
                    strangers INTEGER NOT NULL,
                    members INTEGER NOT NULL,
                    UNIQUE (data_set, path));
                CREATE TABLE quarantine (
                    id INTEGER PRIMARY KEY,
                    file INTEGER NOT NULL REFERENCES data_file,
                    line INTEGER NOT NULL,
                    field TEXT NOT NULL,
                    value TEXT NOT NULL,
                    reason TEXT NOT NULL);
                CREATE INDEX quarantine_file ON quarantine (file);
                """)
    }
}
