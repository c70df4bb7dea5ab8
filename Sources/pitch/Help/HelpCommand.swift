import ArgumentParser

struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract: "Explain a command, a declaration, a clause, a function or a diagnostic code.")

    @Argument(help: "What to explain (default: an overview).") var topic: [String] = []
    @OptionGroup var options: CommandOptions

    func run() throws {
        let console = options.console
        let topic = topic.joined(separator: " ")
        let lines = topic.isEmpty ? HelpTopics.overview : try HelpTopics.lines(topic)
        let text = lines.joined(separator: "\n")
        try console.answer([("topic", .string(topic)), ("text", .string(text))])
        try console.tell(lines)
    }
}
