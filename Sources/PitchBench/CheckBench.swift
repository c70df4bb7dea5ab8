import ArgumentParser
import Foundation
import PitchChecker
import PitchSchema
import PitchSource
import PitchSyntax
import PitchTestSupport

/// Reading and checking of generated scripts, beside Python compiling as many lines.
struct CheckBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Parse and check scripts of 1,000 and 10,000 lines.")

    @Option(help: "How often each script is checked.") var rounds = 15

    func run() throws {
        let short = seconds(lines: 1000)
        let long = seconds(lines: 10_000)
        Figure.print([
            Figure(name: "check, 1,000 lines", value: short.description, note: "s cpu"),
            Figure(
                name: "check, 10,000 lines", value: long.description,
                note: String(format: "s cpu, %.1f times as long", long.median / short.median)),
        ])
    }

    private func seconds(lines: Int) -> Spread {
        let file = SourceFile(name: "generated.pitch", text: ScriptGenerator.script(lines: lines))
        return Spread(
            (0..<rounds).map { _ in
                let start = processSeconds()
                let checked = PitchChecker.check([PitchSyntax.parse(file, index: 0)]) { _ in .utc }
                precondition(checked.program != nil, "the generated script is sound")
                return processSeconds() - start
            })
    }
}
