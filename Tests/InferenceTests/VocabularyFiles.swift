import Foundation
import GGUF
import Inference
import Testing
import TestModels
import Tokenization

/// The real vocabularies at hand, as tokenisers.
enum VocabularyFiles {
    /// Their short names, as in `ggml-vocab-NAME.gguf`; BERT's kind (WordPiece) is not among conifer's.
    static let names: [String] = SharedData.files(in: "data/vocab", suffix: ".gguf")
        .map { String($0.dropFirst("ggml-vocab-".count).dropLast(".gguf".count)) }
        .filter { $0 != "bert-bge" }

    /// The path of a vocabulary's file, or of one of the files beside it.
    static func path(_ name: String, suffix: String = "") throws -> String {
        try #require(SharedData.path("data/vocab/ggml-vocab-\(name).gguf\(suffix)"))
    }

    static func vocabulary(_ name: String) throws -> Vocabulary {
        try Vocabulary(GGUFFile(path: path(name)).metadata)
    }

    /// The tokeniser of a vocabulary; `NAME+PRE` is one with another pre-tokeniser.
    static func tokenizer(_ name: String) throws -> Tokenizer {
        let parts = name.split(separator: "+").map(String.init)
        var vocabulary = try vocabulary(parts[0])
        if parts.count > 1 { vocabulary.model = .bpe(try PreTokenizer(named: parts[1])) }
        return try Tokenizer(vocabulary)
    }

    /// The cases that come with a vocabulary: text, and its tokens without BOS and EOS, special tokens parsed.
    static func cases(_ name: String) throws -> [(text: String, tokens: [Token])] {
        let input = try String(contentsOfFile: path(name, suffix: ".inp"), encoding: .utf8)
        let output = try String(contentsOfFile: path(name, suffix: ".out"), encoding: .utf8)
        let texts = input.components(separatedBy: "\n__ggml_vocab_test__\n").dropLast()
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        try #require(texts.count == lines.count)
        return zip(texts, lines).map { text, line in (text, line.split(separator: " ").compactMap { Token($0) }) }
    }
}
