internal import ArgumentParser
internal import Catalog
internal import Foundation
internal import GGUF
internal import Inference
internal import OrderedCollections
internal import OrderedJSON
internal import Tokenization

/// `conifer tokenize`: how a model reads a text.
struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Show the tokens of a text.",
        discussion: """
            Boundary tokens are not added. Special tokens in the text are recognised unless --no-special is given; in the \
            messages of a request they never are.

            Examples:
              conifer tokenize qwen3-0.6b-q4_k_m "Hello, world"
              conifer tokenize model.gguf - --json < text.txt
            """)

    @Argument(help: "A model's name, or a GGUF file.")
    var model: String

    @Argument(help: "The text; '-' reads it from standard input.")
    var text: String

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(name: .customLong("no-special"), help: "Take special tokens in the text as plain text.")
    var plainText = false

    func run() throws {
        let file = try Composition.model(model).open()
        let tokenizer = try Tokenizer(Vocabulary(file.metadata))
        let text = self.text == "-" ? try StandardInput.text() : self.text
        let tokens = tokenizer.encode(
            text, specialTokens: plainText ? .plainText : .parsed, addBoundaryTokens: false)
        if json {
            let rows = tokens.map { token in
                JSON.object(["id": .integer(Int64(token)), "piece": .string(tokenizer.piece(of: token))])
            }
            Terminal.line(
                JSON.object(["count": .integer(Int64(tokens.count)), "tokens": .array(rows)]).serialized(.pretty))
            return
        }
        var table = Table([("ID", .right), ("PIECE", .left)])
        for token in tokens {
            table.append([String(token), tokenizer.piece(of: token).debugDescription])
        }
        Terminal.write(table.text)
    }
}

/// What comes in through a pipe.
enum StandardInput {
    /// All of it; bytes that are not UTF-8 are refused.
    static func text() throws -> String {
        let bytes = try FileHandle.standardInput.readToEnd() ?? Data()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("standard input is not UTF-8 text: convert it first (iconv -t utf-8)")
        }
        return text
    }
}
