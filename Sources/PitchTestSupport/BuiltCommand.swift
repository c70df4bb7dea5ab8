import Foundation

/// The `pitch` that was built beside the running tests.
package struct BuiltCommand: Sendable {
    package struct Result: Sendable {
        package let exit: Int32
        package let output: String
        package let errors: String
        /// Whether a signal ended it: a crash.
        package let wasKilled: Bool
    }

    /// The binary; next to the test bundle.
    package static let path: String = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "pitch").path
    }()

    /// Where it runs.
    package let folder: URL
    package var environment: [String: String] = [:]

    package init(in folder: URL) { self.folder = folder }

    /// Runs it with arguments, and kills it after some seconds.
    package func run(
        _ arguments: [String], input: String = "", seconds: Double = 120
    ) throws -> Result {
        try Self.run(
            Self.path, arguments, in: folder, environment: environment, input: input,
            seconds: seconds)
    }

    package static func run(
        _ program: String, _ arguments: [String], in folder: URL,
        environment: [String: String] = [:], input: String = "", seconds: Double = 120
    ) throws -> Result {
        let scratch = try TemporaryFolder()
        defer { scratch.remove() }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(["SWIFT_BACKTRACE": "enable=no", "TZ": "UTC"]) { $1 }
            .merging(environment) { $1 }
        // Files rather than pipes: a full pipe would stop the command.
        let input = try scratch.write(input, to: "input")
        let output = try scratch.write("", to: "output")
        let errors = try scratch.write("", to: "errors")
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let pid = process.processIdentifier
        let timer = DispatchWorkItem { kill(pid, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: timer)
        process.waitUntilExit()
        timer.cancel()
        return Result(
            exit: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
            wasKilled: process.terminationReason == .uncaughtSignal)
    }
}

/// A folder of its own below the system's temporary one.
package struct TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "pitch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Writes a file, with the folders above it.
    @discardableResult
    package func write(_ text: String, to path: String) throws -> URL {
        try write(Data(text.utf8), to: path)
    }

    @discardableResult
    package func write(_ bytes: Data, to path: String) throws -> URL {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
        return file
    }

    package func text(of path: String) throws -> String {
        try String(contentsOf: url.appending(path: path), encoding: .utf8)
    }

    package func remove() { try? FileManager.default.removeItem(at: url) }
}
