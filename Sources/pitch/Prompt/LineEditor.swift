@preconcurrency import CReadline
import Foundation
import Synchronization

/// GNU readline, through its callback interface, so that Ctrl-C can be told from a line.
/// Readline keeps one state for the whole process; there is one editor at a time.
struct LineEditor {
    enum Entry {
        case line(String)
        /// Ctrl-C: the line is given up.
        case interrupted
        /// Ctrl-D on an empty line.
        case end
    }

    private let historyFile: String?
    private static let historyLimit: Int32 = 2000

    init(historyFile: String?) {
        self.historyFile = historyFile
        // Signals are this program's: readline's own handlers would end it.
        rl_catch_signals = 0
        Interruption.listen()
        rl_readline_name = UnsafePointer(strdup("pitch"))
        rl_completer_word_break_characters = UnsafePointer(strdup(" \t\n\"'`=<>!+-*/,;()[]{}"))
        // Completion closes quotes itself.
        rl_basic_quote_characters = UnsafePointer(strdup(""))
        rl_attempted_completion_over = 1
        rl_attempted_completion_function = { text, start, _ in completeWord(text, start) }
        using_history()
        stifle_history(Self.historyLimit)
        // With time stamps, a line that begins with '#' and digits separates entries, so that an
        // entry of several lines is read back whole.
        history_write_timestamps = 1
        history_comment_char = CChar(UInt8(ascii: "#"))
        openHistory()
    }

    func complete(with completion: Completion) {
        editing.withLock { $0.completion = completion }
    }

    /// Reads one line; blocks until it is there.
    func read(prompt: String) -> Entry {
        editing.withLock { $0.received = nil }
        Interruption.clear()
        rl_callback_handler_install(prompt) { line in
            // Readline hands the line over; nil is the end of the input.
            let text = line.map { String(cString: $0) }
            free(line)
            rl_callback_handler_remove()
            editing.withLock { $0.received = .some(text.map(Entry.line) ?? .end) }
        }
        while true {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            // The timeout covers an interruption between the test and the wait.
            let ready = poll(&input, 1, 200)
            if Interruption.take() { return giveUpLine() }
            guard ready > 0 else { continue }
            rl_callback_read_char()
            if let entry = editing.withLock({ $0.received }) { return entry }
        }
    }

    private func giveUpLine() -> Entry {
        rl_free_line_state()
        rl_callback_sigcleanup()
        rl_callback_handler_remove()
        try? Console.write("^C\n", to: STDOUT_FILENO)
        return .interrupted
    }

    /// Adds an entry to the history, whole, unless it repeats the last one.
    func remember(_ entry: String) {
        if let last = history_get(history_length + history_base - 1)?.pointee.line,
            String(cString: last) == entry
        {
            return
        }
        add_history(entry)
        // A history that cannot be written must not get in the way.
        if let historyFile { _ = append_history(1, historyFile) }
    }

    /// Reads the history; it is the user's alone.
    private func openHistory() {
        guard let historyFile else { return }
        let folder = URL(filePath: historyFile).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: historyFile) {
            _ = FileManager.default.createFile(
                atPath: historyFile, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        _ = read_history(historyFile)
        _ = history_truncate_file(historyFile, Self.historyLimit)
    }
}

/// What readline's callbacks need; they may not capture anything.
private struct Editing: Sendable {
    var received: LineEditor.Entry?
    var completion = Completion(symbols: [])
    /// What is left to offer for the word that is being completed.
    var matches: [String] = []
}

extension LineEditor.Entry: Sendable {}

private let editing = Mutex(Editing())

private func completeWord(_ text: UnsafePointer<CChar>?, _ start: Int32)
    -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
{
    guard let text, let line = rl_line_buffer else { return nil }
    let before = String(
        decoding: UnsafeBufferPointer(start: line, count: Int(start)).map(UInt8.init(bitPattern:)),
        as: UTF8.self)
    let word = String(cString: text)
    editing.withLock { $0.matches = $0.completion.candidates(for: word, after: before).reversed() }
    return rl_completion_matches(text) { _, _ in
        // Readline frees what it is given.
        editing.withLock { $0.matches.popLast() }.flatMap { strdup($0) }
    }
}

/// Ctrl-C, noticed by a signal handler and taken by whoever waits.
enum Interruption {
    private static let isPending = Atomic<Bool>(false)

    /// From now on Ctrl-C ends a line or a query, not the program.
    static func listen() {
        signal(SIGINT) { _ in Interruption.isPending.store(true, ordering: .relaxed) }
        // Whoever started the program may have blocked the signal.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Does what cannot be given up halfway: there Ctrl-C ends the program at once, and the store
    /// keeps what was finished.
    static func atOnce<Result>(_ body: () throws -> Result) rethrows -> Result {
        let former = signal(SIGINT, SIG_DFL)
        defer { signal(SIGINT, former) }
        return try body()
    }

    static func clear() { isPending.store(false, ordering: .relaxed) }
    static func take() -> Bool { isPending.exchange(false, ordering: .relaxed) }
    static var isRequested: Bool { isPending.load(ordering: .relaxed) }
}
