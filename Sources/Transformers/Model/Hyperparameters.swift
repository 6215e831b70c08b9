public import Tensors

/// The numbers that define a model's shape, read from its metadata and checked against `Limits`.
public struct Hyperparameters: Sendable, Hashable {
    /// The family, which says what the layers are made of.
    public let family: Family
    /// Number of layers.
    public let layers: Int
    /// Width of the residual stream.
    public let embedding: Int
    /// Width inside the feed-forward part.
    public let feedForward: Int
    /// Query heads of a layer.
    public let heads: Int
    /// Key and value heads of a layer; each serves `heads / keyValueHeads` query heads.
    public let keyValueHeads: Int
    /// Width of a head.
    public let headDimension: Int
    /// Positions that the model was made for. A sliding window shorter than that is the bound instead, since attention
    /// here always reaches back to the first token.
    public let contextLength: Int
    /// Rows of the embedding: the number of logits.
    public let vocabularySize: Int
    /// Added to the mean square in every RMS norm.
    public let rmsEpsilon: Float
    /// How positions turn query and key.
    public let rotary: Rotary
    /// Factor on the attention scores: 1/√headDimension unless the file says otherwise.
    public let attentionScale: Float

    /// Rotary position embedding (Su et al. 2021).
    public struct Rotary: Sendable, Hashable {
        /// Leading elements of a head that are turned; even.
        public let dimension: Int
        /// Base of the geometric series of frequencies.
        public let base: Float
        /// How contexts longer than those of the training are reached.
        public let scaling: RotaryTable.Scaling
        /// A further factor on cosine and sine.
        public let attentionFactor: Float
    }

    /// The shape of the blocks that hold keys and values.
    public var cacheLayout: KVBlockLayout {
        KVBlockLayout(layers: layers, keyValueHeads: keyValueHeads, headDimension: headDimension)
    }

    /// Products of one token with the matrices of all layers.
    public var matrixProducts: Int {
        layers * embedding * (2 * (heads + keyValueHeads) * headDimension + 3 * feedForward)
    }

    /// Products of one token with the keys and values of each token that it sees.
    public var attentionProducts: Int { 2 * layers * heads * headDimension }

    /// Bytes of keys and values of one token.
    public var cacheBytesPerToken: Int { cacheLayout.blockBytes / KVBlockLayout.tokens }
}
