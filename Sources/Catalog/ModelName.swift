import GGUF

/// What may be a model's name, when two names are one, and what a file is called if nobody says.
///
/// A name is 1 to 128 letters, digits and `. _ : / -` of ASCII, beginning with a letter or digit: what clients of Ollama
/// and OpenAI send (`llama3.2:1b`, `hf.co/user/model`). No part between slashes is empty or begins with a dot, so a name
/// is never a path out of anywhere.
public enum ModelName {
    /// The name, if it can be one.
    ///
    /// - Throws: `CatalogError.invalidName`.
    public static func checked(_ name: String) throws(CatalogError) -> String {
        let bytes = Array(name.utf8)
        guard let first = bytes.first else {
            throw .invalidName(name, problem: "it is empty")
        }
        guard bytes.count <= Limits.nameCharacters else {
            throw .invalidName(name, problem: "it has more than \(Limits.nameCharacters) characters")
        }
        guard isAlphanumeric(first) else {
            throw .invalidName(name, problem: "it must begin with a letter or digit")
        }
        guard bytes.allSatisfy({ isAlphanumeric($0) || "._:/-".utf8.contains($0) }) else {
            throw .invalidName(name, problem: "only letters, digits and . _ : / - can stand in it")
        }
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        where part.isEmpty || part.first == UInt8(ascii: ".") {
            throw .invalidName(name, problem: "between slashes stands nothing, or something that begins with a dot")
        }
        guard bytes.last != UInt8(ascii: ":") else {
            throw .invalidName(name, problem: "nothing stands behind the colon")
        }
        return name
    }

    /// Equal for names that clients cannot tell apart: lower case, without `:latest`.
    static func key(_ name: String) -> String {
        let folded = folded(name)
        return folded.hasSuffix(latest) ? String(folded.dropLast(latest.count)) : folded
    }

    /// In lower case, of ASCII letters only.
    static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }

    /// The tag that Ollama's clients put behind a name without one.
    static let latest = ":latest"

    /// A name from a file's metadata, else from its file name: `qwen3-0.6b-q4_k_m`.
    static func derived(from file: GGUFFile, path: String) -> String {
        let metadata = file.metadata
        var stem = ""
        if let basename = metadata.string(MetadataKey.basename).map(slug), !basename.isEmpty {
            stem = basename
            for key in [MetadataKey.sizeLabel, MetadataKey.finetune] {
                guard let part = metadata.string(key).map(slug), !part.isEmpty, !stem.contains(part) else { continue }
                stem += "-" + part
            }
        } else if let name = metadata.string(MetadataKey.name).map(slug) {
            stem = name
        }
        if stem.isEmpty { stem = slug(fileStem(path)) }
        if stem.isEmpty { stem = "model" }
        let quantization = slug(Quantization.label(of: file))
        let room = Limits.nameCharacters - quantization.utf8.count - 1
        if stem.hasSuffix(quantization) { return String(stem.prefix(Limits.nameCharacters)) }
        return trimmed(String(stem.prefix(room))) + "-" + quantization
    }

    /// Lower case; everything that is no letter, digit, dot or underscore becomes one hyphen.
    static func slug(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in folded(text).utf8 {
            if isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") {
                out.append(byte)
            } else if out.last != UInt8(ascii: "-") {
                out.append(UInt8(ascii: "-"))
            }
        }
        return trimmed(String(decoding: out, as: UTF8.self))
    }

    private static func trimmed(_ text: String) -> String {
        let edge: Set<Character> = ["-", ".", "_"]
        var slice = text[...]
        while let first = slice.first, edge.contains(first) { slice = slice.dropFirst() }
        while let last = slice.last, edge.contains(last) { slice = slice.dropLast() }
        return String(slice)
    }

    /// The file's name without folders, `.gguf` and the number of its part.
    private static func fileStem(_ path: String) -> String {
        var stem = path.split(separator: "/").last.map(String.init) ?? path
        if folded(stem).hasSuffix(".gguf") { stem = String(stem.dropLast(5)) }
        if let part = stem.firstRange(of: /-[0-9]{5}-of-[0-9]{5}$/) { stem = String(stem[..<part.lowerBound]) }
        return stem
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
