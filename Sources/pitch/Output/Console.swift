import Foundation

/// Where a command writes: results to standard output, faults and progress to standard error.
struct Console {
    let format: OutputFormat
    let isQuiet: Bool
    /// Whether results and faults may be coloured.
    let colorsOutput: Bool
    let colorsErrors: Bool

    init(format: OutputFormat, color: ColorChoice, isQuiet: Bool) {
        self.format = format
        self.isQuiet = isQuiet
        let refuses = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        func isColored(_ descriptor: Int32) -> Bool {
            color == .always || (color == .auto && !refuses && isatty(descriptor) == 1)
        }
        colorsOutput = isColored(STDOUT_FILENO)
        colorsErrors = isColored(STDERR_FILENO)
    }

    var isJSON: Bool { format == .json }

    /// Results for people; nothing in quiet or JSON mode.
    func say(_ lines: String...) throws(CommandFailure) {
        guard !isQuiet, !isJSON else { return }
        for line in lines { try Self.write(line + "\n", to: STDOUT_FILENO) }
    }

    /// The answer to a question, for people: also when quiet, for it was asked for.
    func tell(_ lines: [String]) throws(CommandFailure) {
        guard !isJSON, !lines.isEmpty else { return }
        try Self.write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO)
    }

    func tell(_ line: String) throws(CommandFailure) { try tell([line]) }

    /// Results for programs: `format` and then the members. They are printed even when quiet,
    /// because whoever asks for JSON wants it.
    func answer(_ members: [(String, JSONValue)]) throws(CommandFailure) {
        guard isJSON else { return }
        let value = JSONValue.object([("format", .integer(1))] + members)
        try Self.write(value.text + "\n", to: STDOUT_FILENO)
    }

    /// A sentence for standard error, whatever the mode.
    func complain(_ text: String) {
        // Nothing can be said about a standard error that cannot be written to.
        try? Self.write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO)
    }

    /// A failure, which may quote a file: what would move the cursor is replaced.
    func fault(_ message: String) {
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        let message = lines.map { printable(String($0)) }.joined(separator: "\n")
        complain((colorsErrors ? "\u{1B}[1;31merror\u{1B}[0m" : "error") + ": " + message)
    }

    func warn(_ message: String) {
        complain((colorsErrors ? "\u{1B}[1;33mwarning\u{1B}[0m" : "warning") + ": " + message)
    }

    func strong(_ text: String) -> String { colorsOutput ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func faint(_ text: String) -> String { colorsOutput ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
    func green(_ text: String) -> String { colorsOutput ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    func red(_ text: String) -> String { colorsOutput ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
    func yellow(_ text: String) -> String { colorsOutput ? "\u{1B}[33m\(text)\u{1B}[0m" : text }

    static func write(_ text: String, to descriptor: Int32) throws(CommandFailure) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                let reason = String(cString: strerror(errno)).lowercasedFirst
                throw CommandFailure(.world, "cannot write the output: \(reason)")
            }
        }
    }
}

/// A line on standard error that tells how far a long piece of work is; shown when that is a
/// terminal and the work has taken more than a second.
final class ProgressLine {
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isDirty = false

    init(_ console: Console) {
        isShown = !console.isQuiet && isatty(STDERR_FILENO) == 1
    }

    func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard isShown, now - start > .seconds(1), now - last > .milliseconds(100) else { return }
        last = now
        isDirty = true
        try? Console.write("\r\u{1B}[K" + text(), to: STDERR_FILENO)
    }

    func end() {
        if isDirty { try? Console.write("\r\u{1B}[K", to: STDERR_FILENO) }
        isDirty = false
    }
}
