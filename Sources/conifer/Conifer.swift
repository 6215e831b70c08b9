import ArgumentParser

@main
struct Conifer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "conifer")
}
