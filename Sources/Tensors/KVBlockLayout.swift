internal import CKernels

/// Where keys and values lie in a block of the KV cache. Nobody else computes these offsets.
///
/// A block holds 64 consecutive tokens of one sequence, for all layers: plain bytes without pointers or positions, so
/// that it can be shared between sequences, written out and mapped back. Slots that hold no token yet may contain anything.
///
///     block:  [layers][keyValueHeads][keys | values]
///     keys:   Float32 [64 tokens] scales, Int16 [headDimension / 2][64 tokens][2]
///     values: Float32 [64 tokens] scales, Int16 [64 / 2][headDimension][2 tokens]
///
/// An element is its integer times its token's scale. Pairs lie together as integer products take them: the scores of 64
/// tokens grow in the lanes of registers.
public struct KVBlockLayout: Sendable, Hashable {
    /// Tokens of a block.
    public static let tokens = Int(CK_KV_TOKENS)

    /// Transformer layers.
    public let layers: Int
    /// Key and value heads of a layer.
    public let keyValueHeads: Int
    /// Elements of a head, a multiple of 8.
    public let headDimension: Int

    /// A layout; traps unless all counts are positive and `headDimension` is a multiple of 8.
    public init(layers: Int, keyValueHeads: Int, headDimension: Int) {
        precondition(layers > 0 && keyValueHeads > 0, "A KV block has at least one layer and one head.")
        precondition(
            headDimension > 0 && headDimension % 8 == 0, "A head has a multiple of 8 elements, not \(headDimension).")
        self.layers = layers
        self.keyValueHeads = keyValueHeads
        self.headDimension = headDimension
    }

    /// Bytes of one head's keys, or values, of one layer in a block.
    public var tileBytes: Int { ck_kv_tile_bytes(headDimension) }
    /// Bytes of one layer in a block.
    public var layerBytes: Int { keyValueHeads * 2 * tileBytes }
    /// Bytes of a block. Any alignment works; 64 bytes are best.
    public var blockBytes: Int { layers * layerBytes }

    /// Blocks that hold `tokens` tokens.
    public static func blocks(for tokens: Int) -> Int { (tokens + Self.tokens - 1) / Self.tokens }

    /// Bytes from a block's base to the keys of a head.
    public func keysOffset(layer: Int, head: Int) -> Int {
        precondition((0..<layers).contains(layer) && (0..<keyValueHeads).contains(head))
        return layer * layerBytes + head * 2 * tileBytes
    }

    /// Bytes from a block's base to the values of a head.
    public func valuesOffset(layer: Int, head: Int) -> Int { keysOffset(layer: layer, head: head) + tileBytes }
}
