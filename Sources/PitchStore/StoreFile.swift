import Foundation

/// What can be told of a store's file without opening it as a database.
enum StoreFile {
    /// "Ptch" in SQLite's header, so that no other database is taken for a store.
    static let applicationID: Int32 = 0x5074_6368

    enum State { case absent, store }

    /// Absent, or a store by its first 100 bytes; a file of no bytes counts as absent.
    static func state(of path: String, _ action: String) throws -> State {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return .absent }
            throw StoreError(errno: errno, action)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.notAStore, action, "it is not a file")
        }
        if status.st_size == 0 { return .absent }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw StoreError(errno: errno, action)
        }
        defer { try? file.close() }
        let header = try [UInt8](file.read(upToCount: 100) ?? Foundation.Data())
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)),
            header[68..<72].reduce(Int32(0), { $0 << 8 | Int32($1) }) == applicationID
        else { throw StoreError(.notAStore, action, "the file is not a Pitch store") }
        return .store
    }

    /// Whether bytes lie on the disk under a path: no folder, pipe or device.
    static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether a log lies beside the file, from a run at work or killed.
    static func hasLog(_ path: String) -> Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// SQLite's URI of a file that nothing changes while it is open.
    static func immutableAddress(_ path: String) -> String {
        let kept = CharacterSet(charactersIn: "/-._~").union(.alphanumerics)
        let encoded = absolute(path).addingPercentEncoding(withAllowedCharacters: kept)
        return "file://\(encoded ?? path)?immutable=1"
    }
}

/// What the file system says of a file: equal identities mean equal bytes, as far as it can tell.
struct FileIdentity: Hashable {
    let device: UInt64
    let node: UInt64
    let size: Int64
    /// Nanoseconds since 1970, of the content; of the content or the name and rights.
    let modified: Int64
    let changed: Int64

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        node = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// One line, as it is kept in the store. The device number may change between mounts.
    var text: String { "\(node) \(size) \(modified) \(changed)" }
}
