import NIOCore
import OllamaWire
import OpenAIWire
import OrderedJSON

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
