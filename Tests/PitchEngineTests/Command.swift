import Foundation

/// A process run to its end.
enum Command {
    struct Ending {
        let code: Int32
        let wasKilled: Bool
        let errors: String
    }

    /// The `pitch` that was built with these tests.
    static var pitch: String {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "pitch").path
    }

    /// - Parameter meanwhile: told the process's number once it runs.
    static func run(
        _ tool: String, _ arguments: [String], environment: [String: String] = [:],
        meanwhile: (Int32) throws -> Void = { _ in }
    ) throws -> Ending {
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try meanwhile(process.processIdentifier)
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ending(
            code: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal,
            errors: String(decoding: text, as: UTF8.self))
    }

    /// `pitch load` or `run` on a shop at the instant that the tests agree on.
    static func pitch(
        _ verb: String, _ shop: TestShop, _ fault: FaultShim.Fault? = nil
    ) throws -> Ending {
        try run(
            pitch,
            [verb, shop.folder.appending(path: "shop.pitch").path, "--as-of", TestShop.now],
            environment: fault.map { try FaultShim.environment($0) } ?? [:])
    }
}
