public import OrderedJSON

/// What Ollama's listings say of one model.
public struct ModelEntry: Sendable, Hashable {
    /// The name, with its tag.
    public var name: String
    /// Bytes.
    public var size: UInt64
    /// 64 hexadecimal digits; clients slice twelve.
    public var digest: String
    /// The architecture.
    public var family: String
    /// `8.2B`.
    public var parameterSize: String
    /// `Q4_K_M`.
    public var quantization: String
    /// When it was registered, RFC 3339.
    public var modifiedAt: String
    /// What it can do: `completion`, `tools`, `thinking` ….
    public var capabilities: [String]

    /// An entry.
    public init(
        name: String, size: UInt64, digest: String, family: String, parameterSize: String, quantization: String,
        modifiedAt: String, capabilities: [String]
    ) {
        self.name = name
        self.size = size
        self.digest = digest
        self.family = family
        self.parameterSize = parameterSize
        self.quantization = quantization
        self.modifiedAt = modifiedAt
        self.capabilities = capabilities
    }

    /// `details`, the same in all listings.
    public var details: JSON {
        [
            "parent_model": "", "format": "gguf", "family": .string(family), "families": [.string(family)],
            "parameter_size": .string(parameterSize), "quantization_level": .string(quantization),
        ]
    }

    /// One entry of `GET /api/tags`.
    public var tag: JSON {
        [
            "name": .string(name), "model": .string(name), "modified_at": .string(modifiedAt),
            "size": .integer(Int64(clamping: size)), "digest": .string(digest), "details": details,
            "capabilities": .array(capabilities.map { .string($0) }),
        ]
    }

    /// A list of models as `/api/tags` and `/api/ps` give it: never `null`.
    public static func list(_ entries: [JSON]) -> JSON { ["models": .array(entries)] }

    /// `8.2B`, `360M`, `12K`: how many weights, as Ollama writes it.
    public static func parameterSize(_ count: Int) -> String {
        switch count {
        case 1_000_000_000...: tenths(count, of: 1_000_000_000) + "B"
        case 1_000_000...: tenths(count, of: 1_000_000) + "M"
        case 1_000...: tenths(count, of: 1_000) + "K"
        default: "\(count)"
        }
    }

    private static func tenths(_ count: Int, of unit: Int) -> String {
        let (whole, rest) = (count + unit / 20).quotientAndRemainder(dividingBy: unit)
        return "\(whole).\(rest * 10 / unit)"
    }
}
