import Foundation
import PitchTestSupport
import Testing

/// A program under a pseudo-terminal of its own, as a person would use it.
final class PseudoTerminal {
    private let controller: Int32
    private let process = Process()
    /// Everything that the program has written since the last `expect`, without escape sequences.
    private(set) var screen = ""

    init(_ arguments: [String], in folder: URL, environment: [String: String]) throws {
        var ends: (controller: Int32, terminal: Int32) = (-1, -1)
        var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
        let isOpen = openpty(&ends.controller, &ends.terminal, nil, nil, &size) == 0
        controller = ends.controller
        try #require(isOpen, "no pseudo-terminal: \(String(cString: strerror(errno)))")
        _ = fcntl(controller, F_SETFD, FD_CLOEXEC)
        let terminal = FileHandle(fileDescriptor: ends.terminal, closeOnDealloc: true)
        // `setsid --ctty` makes it the controlling terminal, so that Ctrl-C becomes a signal.
        process.executableURL = URL(filePath: "/usr/bin/setsid")
        process.arguments = ["--ctty", "--wait", BuiltCommand.path] + arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment
            .merging([
                "TERM": "xterm", "INPUTRC": "/dev/null", "SWIFT_BACKTRACE": "enable=no",
            ]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = terminal
        process.standardOutput = terminal
        process.standardError = terminal
        try process.run()
    }

    func type(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Waits until the screen holds a text, and takes everything up to it.
    /// - Parameter isNeeded: whether the test fails without it.
    @discardableResult
    func expect(
        _ text: String, seconds: Double = 20, isNeeded: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            if let found = screen.range(of: text) {
                let taken = String(screen[..<found.upperBound])
                screen = String(screen[found.upperBound...])
                return taken
            }
            guard Date() < deadline, readMore() else {
                if isNeeded {
                    Issue.record(
                        "expected '\(text)' on the screen, found '\(screen)'",
                        sourceLocation: sourceLocation)
                }
                throw Missing()
            }
        }
    }

    struct Missing: Error {}

    /// - Returns: false when the program has closed the terminal.
    private func readMore() -> Bool {
        var input = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, 100) > 0 else { return true }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(controller, &buffer, buffer.count)
        guard count > 0 else { return false }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        screen += text.replacing(#/\u{1B}(?:\[[0-9;?]*[A-Za-z]|[=>]|\([A-Z])/#, with: "")
            .replacing("\r", with: "").replacing("\u{07}", with: "")
        return true
    }

    /// Waits for the program's end.
    func finish(seconds: Double = 10) -> Int32 {
        let deadline = Date().addingTimeInterval(seconds)
        while process.isRunning, Date() < deadline {
            if !readMore() { usleep(20_000) }
        }
        // Without its terminal the program ends by itself, and with it whoever waits for it.
        close(controller)
        process.waitUntilExit()
        return process.terminationStatus
    }
}
