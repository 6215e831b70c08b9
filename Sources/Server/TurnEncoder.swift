import Inference
import NIOCore
import OllamaWire
import OpenAIWire
import OrderedJSON

/// Writes the events of one turn for one wire.
protocol TurnEncoder: Sendable {
    /// What comes before the first event of each answer.
    func opening(choices: Int) -> [JSON]
    /// A piece of an answer.
    func text(_ text: String, choice: Int) -> JSON
    /// A piece of the thinking before it.
    func reasoning(_ text: String, choice: Int) -> JSON
    /// One answer is complete.
    func finish(_ result: GenerationResult, choice: Int) -> JSON?
    /// All answers are complete.
    func closing(_ results: [GenerationResult]) -> [JSON]
    /// The whole turn as one document.
    func whole(_ answers: [CollectedAnswer]) -> JSON
}

/// One answer, read to its end.
struct CollectedAnswer: Sendable {
    var text = ""
    var reasoning = ""
    var result: GenerationResult
}

/// How documents follow one another in a streamed answer.
enum StreamFraming: Sendable {
    /// Server-sent events: `data: {…}` and an empty line; comments keep the connection alive.
    case events
    /// One document a line.
    case lines

    var contentType: String {
        switch self {
        case .events: "text/event-stream"
        case .lines: "application/x-ndjson"
        }
    }

    func frame(_ document: JSON) -> ByteBuffer {
        var buffer = ByteBuffer()
        if self == .events { buffer.writeString("data: ") }
        buffer.writeBytes(document.serializedBytes())
        buffer.writeString(self == .events ? "\n\n" : "\n")
        return buffer
    }

    /// Something that clients ignore; lines have nothing of the kind.
    func comment(_ text: String) -> ByteBuffer? {
        self == .events ? ByteBuffer(string: ": \(text)\n\n") : nil
    }

    /// What ends a stream that went well.
    var end: ByteBuffer? {
        self == .events ? ByteBuffer(string: "data: [DONE]\n\n") : nil
    }

    /// What ends one that did not.
    func error(_ error: ServiceError) -> ByteBuffer {
        switch self {
        case .events: frame(error.openAIBody)
        case .lines: frame(AnswerLine.error(error.message))
        }
    }
}

extension ServiceError {
    var openAIBody: JSON {
        APIError(message: message, type: type, param: param, code: code).json
    }
}

/// Writes a turn as OpenAI's chat completions.
struct ChatCompletionEncoder: TurnEncoder {
    let identity: CompletionIdentity
    let includesUsage: Bool

    func opening(choices: Int) -> [JSON] {
        (0..<choices).map { identity.chunk(.role, choice: $0, includesUsage: includesUsage) }
    }

    func text(_ text: String, choice: Int) -> JSON {
        identity.chunk(.content(text), choice: choice, includesUsage: includesUsage)
    }

    func reasoning(_ text: String, choice: Int) -> JSON {
        identity.chunk(.reasoning(text), choice: choice, includesUsage: includesUsage)
    }

    func finish(_ result: GenerationResult, choice: Int) -> JSON? {
        identity.chunk(.finish(result.reason.rawValue), choice: choice, includesUsage: includesUsage)
    }

    func closing(_ results: [GenerationResult]) -> [JSON] {
        includesUsage ? [identity.usageChunk(Self.usage(results))] : []
    }

    func whole(_ answers: [CollectedAnswer]) -> JSON {
        let choices = answers.map { answer in
            ChatChoice(
                content: answer.text, reasoning: answer.reasoning.isEmpty ? nil : answer.reasoning,
                finishReason: answer.result.reason.rawValue)
        }
        return identity.completion(choices, usage: Self.usage(answers.map(\.result)))
    }

    /// The prompt counts once, however many answers it has.
    private static func usage(_ results: [GenerationResult]) -> Usage {
        Usage(
            promptTokens: results.first?.promptTokens ?? 0, cachedTokens: results.first?.cachedTokens ?? 0,
            completionTokens: results.reduce(0) { $0 + $1.completionTokens },
            reasoningTokens: results.reduce(0) { $0 + $1.reasoningTokens })
    }
}
