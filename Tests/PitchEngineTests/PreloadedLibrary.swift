import Foundation
import Testing

/// Libraries of the tests that a command loads before its own, so that they see its calls.
enum PreloadedLibrary {
    /// Compiles C to a library in the temporary folder.
    /// - Parameter name: of its folder and its files.
    static func compile(_ name: String, _ code: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "pitch-\(name)-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = folder.appending(path: "\(name).c")
        let library = folder.appending(path: "\(name).so")
        try code.write(to: source, atomically: true, encoding: .utf8)
        let status = try Command.run(
            "/usr/bin/env", ["cc", "-shared", "-fPIC", "-O1", "-o", library.path, source.path])
        try #require(status.code == 0, "cc failed: \(status.errors)")
        return library
    }
}
