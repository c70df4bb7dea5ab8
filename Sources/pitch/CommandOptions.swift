import ArgumentParser

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

/// What every command takes.
struct CommandOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The instant that counts as now (default: the clock).", valueName: "instant"))
    var asOf: String?

    @Option(
        help: ArgumentHelp(
            "The store's file (default: as the script says).", valueName: "path"))
    var store: String?

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format: OutputFormat = .text

    @Option(help: ArgumentHelp("auto, always or never.", valueName: "when"))
    var color: ColorChoice = .auto

    @Flag(help: "Say nothing when all is well.")
    var quiet = false

    var console: Console { Console(format: format, color: color, isQuiet: quiet) }
}
