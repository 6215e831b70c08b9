internal import ArgumentParser
internal import Catalog
internal import Foundation
internal import Inference

/// `conifer add`: registers a GGUF file.
struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Register a GGUF file.",
        discussion: """
            The header is read and checked; nothing is copied, so the file has to stay where it is. Of a split model name any \
            one part.

            Examples:
              conifer add ~/models/Qwen3-0.6B-Q4_K_M.gguf
              conifer add big-00001-of-00003.gguf --name big
            """)

    @Argument(help: "The GGUF file.", completion: .file(extensions: ["gguf"]))
    var file: String

    @Option(help: "Name in the catalog. (default: made from the file's metadata)")
    var name: String?

    @Flag(help: "Take the place of an entry that has the name.")
    var replace = false

    func run() throws {
        let entry = try Composition.registry.add(
            file: file, name: name, replace: replace, runnable: Composition.runnable,
            now: Timestamp(secondsSince1970: Int64(Date().timeIntervalSince1970)))
        Terminal.line(
            "added \(entry.name): \(entry.architecture), \(ParameterCount(entry.parameterCount)) parameters, "
                + "\(entry.quantization), \(ByteCount(entry.byteCount))")
    }
}

/// `conifer rm`: takes a model out of the registry.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Take a model, or an alias, out of the registry. The file is not deleted.",
        discussion: """
            Example:
              conifer rm qwen3-0.6b-q4_k_m
            """,
        aliases: ["remove"])

    @Argument(help: "The model's name, or an alias.")
    var name: String

    func run() throws {
        switch try Composition.registry.remove(name) {
        case .entry(let entry):
            Terminal.line("removed \(entry.name); its file is still at \(entry.path)")
        case .alias(let alias, let target):
            Terminal.line("removed the alias \(alias) of \(target)")
        }
    }
}

/// `conifer alias`: another name for a model.
struct AliasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias",
        abstract: "Give a model another name.",
        discussion: """
            Requests may use the alias; answers carry the model's own name.

            Example:
              conifer alias gpt-4o qwen3-0.6b-q4_k_m
            """)

    @Argument(help: "The new name.")
    var name: String

    @Argument(help: "The model's name.")
    var target: String

    @Flag(help: "Take the alias from another model that has it.")
    var replace = false

    func run() throws {
        let entry = try Composition.registry.alias(name, target: target, replace: replace)
        Terminal.line("\(name) is now another name for \(entry.name)")
    }
}
