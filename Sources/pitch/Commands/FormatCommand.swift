import ArgumentParser
import Foundation
import PitchFormat
import PitchSource

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Lay scripts out in the one canonical way.")

    @Argument(help: "Scripts.")
    var files: [String]

    @Flag(help: "Change nothing; exit with 6 if a script is laid out otherwise.")
    var check = false

    @Flag(help: "Change nothing; show what would change.")
    var diff = false

    @OptionGroup var options: CommandOptions

    func run() throws {
        let console = options.console
        var changed: [String] = []
        var unreadable = 0
        for file in files {
            let source = try Self.read(file)
            let (formatted, faults) = format(source)
            let all = faults + [formatted?.fault].compactMap { $0 }
            if !all.isEmpty, !console.isJSON {
                console.complain(
                    FaultText(sources: SourceSet(source)).text(all, colored: console.colorsErrors))
            }
            guard let formatted else {
                unreadable += 1
                continue
            }
            if Array(formatted.text.utf8) == source.bytes { continue }
            changed.append(file)
            try settle(source, formatted.text, console)
        }
        try console.answer([
            ("files", .strings(files)), ("changed", .strings(changed)),
            ("unreadable", .int(unreadable)),
        ])
        if unreadable > 0 {
            throw CommandFailure(
                .script, "\(plural(unreadable, "script")) with syntax errors left as found")
        }
        if check, !changed.isEmpty { throw ExitCode(ExitStatus.gate.rawValue) }
    }

    /// Shows, names or writes what changes.
    private func settle(_ source: SourceFile, _ text: String, _ console: Console) throws {
        if diff {
            let old = source.text(0, source.bytes.count)
            try console.tell(LineDifference(from: old, to: text).lines(name: source.name))
        }
        if check {
            // A gate says what it found even when quiet, as any fault.
            if !console.isJSON { console.complain("\(source.name): laid out otherwise") }
        } else if !diff {
            try Self.write(text, to: source.name)
            try console.say("\(source.name): laid out")
        }
    }

    private static func read(_ path: String) throws(CommandFailure) -> SourceFile {
        do {
            let bytes = try Data(contentsOf: URL(filePath: path))
            return SourceFile(name: path, bytes: Array(bytes))
        } catch {
            throw CommandFailure(.world, "cannot read '\(path)': \(worldReason(error))")
        }
    }

    /// Whole or not at all: to a file beside it, which then takes its name.
    private static func write(_ text: String, to path: String) throws(CommandFailure) {
        let target = URL(filePath: path).resolvingSymlinksInPath()
        let manager = FileManager.default
        do {
            let mode = try manager.attributesOfItem(atPath: target.path)[.posixPermissions]
            try Data(text.utf8).write(to: target, options: .atomic)
            if let mode {
                try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: target.path)
            }
        } catch {
            throw CommandFailure(.world, "cannot write '\(path)': \(worldReason(error))")
        }
    }
}
