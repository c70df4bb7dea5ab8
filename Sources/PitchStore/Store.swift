import Foundation
import GRDB

/// Everything that Pitch remembers, in one SQLite file. Only this target knows SQLite.
package final class Store: Sendable {
    package enum Access: Sendable {
        case readWrite, readOnly
        /// Like `readWrite`, for a store that is there, with little memory.
        case draining
    }

    /// As the user wrote it, or relative to where the process runs.
    package let path: String
    package let access: Access
    let queue: DatabaseQueue
    /// Of a read-only store that nobody has open: its identity, by which a change is noticed.
    private let frozen: FileIdentity?

    /// Opens a store. Read-write creates the file when there is none, and brings its tables to
    /// this version. Read-only changes no byte of it, and leaves no other file behind.
    /// - Parameter pageLimit: the most pages of 8 KiB that the file may grow to; nil: the disk's.
    /// - Throws: `StoreError`.
    package init(path: String, access: Access, pageLimit: Int? = nil) throws {
        let action = "open the store '\(path)'"
        do {
            let state = try StoreFile.state(of: path, action)
            if access != .readWrite, state == .absent {
                throw StoreError(.missing, action, "there is no such file; 'pitch load' makes it")
            }
            self.path = path
            self.access = access
            // With no log beside it the file holds everything, and an immutable opening neither
            // locks nor writes. A log means that a run is at work or was killed: then SQLite's
            // own shared reading is needed.
            let isFrozen = access == .readOnly && !StoreFile.hasLog(path)
            frozen = isFrozen ? FileIdentity(path) : nil
            queue = try DatabaseQueue(
                path: isFrozen ? StoreFile.immutableAddress(path) : StoreFile.absolute(path),
                configuration: Self.configuration(access, pageLimit))
            if access != .readOnly { try prepare(action) }
            try queue.inDatabase { db in
                // A disk that fails here is to be told, not that there are no migrations.
                _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
                if try StoreMigrations.migrator.hasBeenSuperseded(db) {
                    throw StoreError(
                        .newer, action, "a newer version of Pitch made it; use that version")
                }
                if access == .readOnly, try !StoreMigrations.migrator.hasCompletedMigrations(db) {
                    throw StoreError(
                        .outdated, action, "its tables are not up to date; 'pitch load' does it")
                }
            }
            if access != .readOnly { try StoreMigrations.migrator.migrate(queue) }
        } catch {
            throw StoreError(error, action)
        }
    }

    private static func configuration(
        _ access: Access, _ pageLimit: Int?
    ) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = access == .readOnly
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            // Deleted bytes need no wiping; the cache holds the inner pages of all indexes.
            let kibibytes = access == .draining ? 8192 : 131_072
            try db.execute(sql: "PRAGMA secure_delete = OFF; PRAGMA cache_size = -\(kibibytes)")
            // Indexes of millions of rows are sorted in memory, by both cores.
            try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA threads = 2")
            // What is issued must survive a loss of power.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // Transactions of one run change the same pages; the log is folded in when they are
            // many, and when the store is closed.
            if access == .readWrite { try db.execute(sql: "PRAGMA wal_autocheckpoint = 65536") }
            if let pageLimit { try db.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
        }
        return configuration
    }

    /// The identity is written first, in a transaction of its own: a run killed at any later
    /// point leaves a file that is known as a store.
    private func prepare(_ action: String) throws {
        try queue.writeWithoutTransaction { db in
            // Asked of the database, not of the file: what a crash left half made of a new store
            // is undone when it is opened.
            let identity = try Int32.fetchOne(db, sql: "PRAGMA application_id")
            if identity != StoreFile.applicationID {
                guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
                    throw StoreError(.notAStore, action, "the file is not a Pitch store")
                }
                try db.execute(sql: "PRAGMA page_size = 8192")
                try db.execute(sql: "PRAGMA application_id = \(StoreFile.applicationID)")
            }
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            if mode != "wal" {
                throw StoreError(.failed, action, "its disk does not support shared reading")
            }
        }
    }

    /// Closes the file; the log is folded into it.
    package func close() {
        try? queue.close()
    }

    /// Reads in one consistent view.
    /// - Parameter action: what is being done, for the error: `count 'vips' in`.
    package func read<Result>(
        _ action: @autoclosure () -> String = "read", _ body: (Database) throws -> Result
    ) throws -> Result {
        do {
            let result = try queue.read(body)
            if let frozen, frozen != FileIdentity(path) {
                throw StoreError(
                    .busy, "\(action()) '\(path)'", "another run changed it meanwhile; try again")
            }
            return result
        } catch {
            throw StoreError(error, "\(action()) '\(path)'")
        }
    }

    /// Writes in one transaction, which an error rolls back whole.
    package func write<Result>(
        _ action: @autoclosure () -> String = "write", _ body: (Database) throws -> Result
    ) throws -> Result {
        do {
            return try queue.writeWithoutTransaction { db in
                var result: Result?
                try db.inTransaction(.immediate) {
                    result = try body(db)
                    return .commit
                }
                guard let result else {
                    throw StoreError(.failed, "\(action()) '\(path)'", "nothing was written")
                }
                return result
            }
        } catch {
            throw StoreError(error, "\(action()) '\(path)'")
        }
    }

    /// Reads every page and every index.
    /// - Returns: what is broken, in SQLite's words; empty when all is well.
    package func integrityFaults() throws -> [String] {
        try read("check") { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        }
    }
}
