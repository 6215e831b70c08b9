import Foundation
public import OrderedJSON

/// The answer to `POST /v1/embeddings`.
public struct EmbeddingList: Sendable {
    /// The model that really answers.
    public var model: String
    /// One vector for each input, in their order.
    public var vectors: [[Float]]
    /// How vectors are written.
    public var encoding: EmbeddingRequest.Encoding
    /// Tokens of all inputs.
    public var promptTokens: Int

    /// An answer.
    public init(model: String, vectors: [[Float]], encoding: EmbeddingRequest.Encoding, promptTokens: Int) {
        self.model = model
        self.vectors = vectors
        self.encoding = encoding
        self.promptTokens = promptTokens
    }

    /// The body of the answer.
    public var json: JSON {
        [
            "object": "list",
            "data": .array(
                vectors.enumerated().map { index, vector in
                    ["object": "embedding", "index": JSON(index), "embedding": Self.json(vector, encoding)]
                }),
            "model": .string(model),
            "usage": ["prompt_tokens": JSON(promptTokens), "total_tokens": JSON(promptTokens)],
        ]
    }

    private static func json(_ vector: [Float], _ encoding: EmbeddingRequest.Encoding) -> JSON {
        switch encoding {
        case .float:
            // The shortest decimal of the float32: as a double it would have twice as many digits, all noise.
            return .array(vector.map { .number(Double($0.description) ?? Double($0)) })
        case .base64:
            var bytes = Data(capacity: vector.count * 4)
            for value in vector {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
            return .string(bytes.base64EncodedString())
        }
    }
}
