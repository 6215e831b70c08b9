internal import ArgumentParser
internal import Catalog
internal import Foundation
internal import GGUF
internal import Inference
internal import OrderedCollections
internal import OrderedJSON
internal import Tokenization

/// `conifer perplexity`: how well a model predicts a text.
struct PerplexityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: "Measure the perplexity of a text under a model.",
        discussion: """
            The text is cut into windows; the second half of each is scored. Lower is better; figures compare only between \
            models with the same tokeniser, on the same text, with the same window.

            Example:
              conifer perplexity qwen3-0.6b-q4_k_m wiki.test.raw
            """)

    @Argument(help: "A model's name, or a GGUF file.")
    var model: String

    @Argument(help: "A file of UTF-8 text; '-' reads it from standard input.", completion: .file())
    var file: String

    @Option(help: "Tokens of a window.")
    var window = 512

    @Option(help: "Threads of the engine. (default: physical cores)")
    var threads: Int?

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        guard window >= 2 else { throw ValidationError("--window must be 2 or more") }
    }

    func run() throws {
        let reference = try Composition.model(model)
        let model = try reference.open()
        let plan = try LoadPlan(
            model, name: reference.name,
            options: LoadOptions(contextLength: window, threads: threads, parallelTurns: 1))
        let text = file == "-" ? try StandardInput.text() : try Self.text(of: file)
        let tokens = try Tokenizer(Vocabulary(model.metadata))
            .encode(text, specialTokens: .plainText, addBoundaryTokens: false)
        guard tokens.count >= min(plan.information.contextLength, window) else {
            throw CommandError(
                "the text has \(tokens.count) tokens, less than one window of \(window): give a longer text, or --window"
            )
        }
        let result = try Perplexity.measure(tokens, plan: plan, window: window) { soFar, share in
            Terminal.progress("\(Int(share * 100)) %, perplexity \(Self.number(soFar.value)) so far")
            return true
        }
        Terminal.endProgress()
        if json {
            Terminal.line(
                JSON.object([
                    "model": .string(reference.name), "perplexity": result.value.map { .number($0) } ?? .null,
                    "uncertainty": result.uncertainty.map { .number($0) } ?? .null,
                    "tokens": .integer(Int64(result.count)), "window": .integer(Int64(window)),
                ]).serialized(.pretty))
        } else {
            Terminal.line(
                "perplexity \(Self.number(result.value)) ± \(Self.number(result.uncertainty)) over \(result.count) tokens"
            )
        }
    }

    private static func text(of path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandError("\(path) cannot be read as UTF-8 text: \(error.localizedDescription)")
        }
    }

    private static func number(_ value: Double?) -> String {
        value.map { String(format: "%.4f", $0) } ?? "unknown"
    }
}
