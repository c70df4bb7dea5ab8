import PitchProgram

extension Store {
    /// Loads what is new or changed in every source of a program: tables, then members, then
    /// events. Each file is one transaction; loading again what is loaded changes nothing.
    /// - Parameters:
    ///   - folder: the script's; paths of sources are relative to it.
    ///   - progress: called now and then, on the same thread.
    /// - Throws: `StoreError`; what was committed before it stays, and the next load goes on.
    package func load(
        _ program: Program, folder: String, progress: (LoadProgress) -> Void = { _ in }
    ) throws -> LoadReport {
        throw StoreError(.failed, "load into '\(path)'", "loading is not there yet")
    }

    /// The files, as in the script, that are new, changed or gone since the last load.
    package func changedSources(_ program: Program, folder: String) throws -> [String] {
        throw StoreError(.failed, "compare the sources with '\(path)'", "it is not there yet")
    }

    /// Rows that could not be loaded, in the order of data sets, files and lines.
    /// - Parameter limit: at most so many.
    package func quarantinedRows(limit: Int = 1000) throws -> [QuarantinedRow] {
        throw StoreError(.failed, "read the quarantine of '\(path)'", "it is not there yet")
    }
}
