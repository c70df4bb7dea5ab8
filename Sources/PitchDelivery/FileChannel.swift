import Foundation
import PitchSchema

/// The messages of one run and channel, as one file.
package struct MessageFile: Sendable {
    package let run: Int64
    package let channel: String
    /// Relative to the script's.
    package let folder: String
    /// A table (CSV) in place of a JSON object a line (NDJSON).
    package let isTable: Bool

    package init(run: Int64, channel: String, folder: String, isTable: Bool) {
        self.run = run
        self.channel = channel
        self.folder = folder
        self.isTable = isTable
    }

    /// `run-000012-wechat.ndjson`: the same file for the same run, always.
    var name: String {
        let number = String(run)
        let padded = String(repeating: "0", count: max(0, 6 - number.count)) + number
        return "run-\(padded)-\(Self.plain(channel)).\(isTable ? "csv" : "ndjson")"
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
}

/// Writes the messages of a run and channel as one file. It is there whole or not at all, however
/// often this is cut short and begun again: written under a temporary name, flushed to the disk,
/// renamed, and its folder flushed.
package struct FileChannel {
    /// The script's folder.
    private let folder: String

    package init(folder: String) { self.folder = folder }

    /// - Parameter lines: gives the messages, JSON objects, to a body, in order.
    /// - Returns: the path of the file.
    /// - Throws: `DeliveryError`, and what `lines` throws.
    package func deliver(
        _ file: MessageFile, lines: (_ body: (String) throws -> Void) throws -> Void
    ) throws -> String {
        let isWhole = file.folder.hasPrefix("/") || folder.isEmpty
        let target = isWhole ? file.folder : folder + "/" + file.folder
        do {
            try FileManager.default.createDirectory(
                atPath: target, withIntermediateDirectories: true)
        } catch {
            throw DeliveryError(
                "make the folder '\(target)' of channel '\(file.channel)'",
                "something else stands there, or it may not be written")
        }
        let path = target + "/" + file.name
        let temporary = target + "/." + file.name + ".part"
        try write(file, to: temporary, lines)
        try check(rename(temporary, path), "write '\(path)'")
        try flush(target)
        return path
    }

    private func write(
        _ file: MessageFile, to path: String, _ lines: ((String) throws -> Void) throws -> Void
    ) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        try check(descriptor, "write '\(path)'")
        defer { close(descriptor) }
        var buffer: [UInt8] = file.isTable ? Array(MessageTable.header.utf8) : []
        try lines { line in
            buffer += try file.isTable ? MessageTable.row(line).utf8 : (line + "\n").utf8
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

    private func check(_ result: Int32, _ action: String) throws(DeliveryError) {
        guard result < 0 else { return }
        throw DeliveryError(action, String(cString: strerror(errno)).lowercased())
    }
}
