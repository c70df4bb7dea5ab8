import ArgumentParser

@main
struct Pitch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Campaign strategies that marketers write.")
}
