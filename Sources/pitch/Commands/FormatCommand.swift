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
    }
}
