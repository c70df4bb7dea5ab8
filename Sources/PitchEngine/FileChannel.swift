import Foundation
import PitchSchema
import PitchStore

/// Writes the messages of a run and channel as one file. It is there whole or not at all, however
/// often this is cut short and begun again: written under a temporary name, flushed to the disk,
/// renamed, and its folder flushed.
struct FileChannel {
    let ledger: Ledger
    /// The script's folder.
    let folder: String

    /// `run-000012-wechat.ndjson`: the same file for the same run, always.
    static func name(of file: OutboxFile) -> String {
        let number = String(file.run)
        let padded = String(repeating: "0", count: max(0, 6 - number.count)) + number
        return "run-\(padded)-\(plain(file.channel)).ndjson"
    }

    /// A channel may have any name between back-ticks; letters, figures, `_` and `-` stay, other
    /// bytes are written `%2F`, so that different names stay different. Of what is too long for a
    /// file's name, the SHA-256 stands for the rest.
    private static func plain(_ name: String) -> String {
        let letters = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "_-"))
        let plain = name.addingPercentEncoding(withAllowedCharacters: letters) ?? ""
        if plain.utf8.count <= 160 { return plain }
        let digest = SHA256.digest(Array(name.utf8)).map { String(format: "%02X", $0) }
        return plain.prefix(99) + "%" + digest.joined()
    }

    /// - Returns: the path of the file.
    func deliver(_ file: OutboxFile) throws -> String {
        let isWhole = file.folder.hasPrefix("/") || folder.isEmpty
        let target = isWhole ? file.folder : folder + "/" + file.folder
        do {
            try FileManager.default.createDirectory(
                atPath: target, withIntermediateDirectories: true)
        } catch {
            throw WorkspaceError(
                .world, "could not make the folder '\(target)' of channel '\(file.channel)'")
        }
        let path = target + "/" + Self.name(of: file)
        let temporary = target + "/." + Self.name(of: file) + ".part"
        try write(file, to: temporary)
        try check(rename(temporary, path), "write '\(path)'")
        try flush(target)
        return path
    }

    private func write(_ file: OutboxFile, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        try check(descriptor, "write '\(path)'")
        defer { close(descriptor) }
        var buffer: [UInt8] = []
        try ledger.forEachLine(of: file) { line in
            buffer += line.utf8
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count > 1 << 16 {
                try send(buffer, to: descriptor, path)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try send(buffer, to: descriptor, path)
        try check(fsync(descriptor), "flush '\(path)'")
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            try check(Int32(clamping: count), "write '\(path)'")
            rest = rest.dropFirst(count)
        }
    }

    private func flush(_ folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try check(descriptor, "open the folder '\(folder)'")
        defer { close(descriptor) }
        try check(fsync(descriptor), "flush the folder '\(folder)'")
    }

    private func check(_ result: Int32, _ action: String) throws {
        guard result < 0 else { return }
        let reason = String(cString: strerror(errno)).lowercased()
        throw WorkspaceError(.world, "could not \(action): \(reason)")
    }
}
