/// A byte-level BPE vocabulary of some 500 pieces: all bytes, a few words, ChatML's control tokens.
public enum TinyVocabulary {
    /// The pieces in GPT-2's writing of bytes as printable characters; control tokens last.
    public static var pieces: [String] { built.pieces }

    /// GGUF's kind of each piece: 1 normal, 3 control.
    public static var kinds: [Int32] { built.kinds }

    /// The merges, first one first.
    public static var merges: [String] { built.merges }

    /// `<|endoftext|>`
    public static var endOfText: Int { pieces.count - 3 }

    /// `<|im_start|>`
    public static var turnStart: Int { pieces.count - 2 }

    /// `<|im_end|>`
    public static var turnEnd: Int { pieces.count - 1 }

    /// ChatML, the shortest template that has system turns and a generation prompt.
    public static let chatTemplate = """
        {%- for message in messages -%}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
        {{- '<|im_start|>assistant\\n' -}}
        {%- endif -%}
        """

    private static let words = [
        "user", "assistant", "system", "hello", " hello", " world", " the", " is", " a", " of", " and", " you", "What",
        " capital", " France", " Paris", "The", " name", " My", "ing", " in", " to", "one", " two", " three", " yes",
    ]

    private static let built: (pieces: [String], kinds: [Int32], merges: [String]) = {
        let characters = byteCharacters
        var pieces = characters.map { String($0) }
        var known = Set(pieces)
        var merges: [String] = []
        for word in words {
            let letters = word.utf8.map { String(characters[Int($0)]) }
            var joined = letters[0]
            for letter in letters.dropFirst() {
                if known.insert(joined + letter).inserted {
                    merges.append(joined + " " + letter)
                    pieces.append(joined + letter)
                }
                joined += letter
            }
        }
        var kinds = [Int32](repeating: 1, count: pieces.count)
        pieces += ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
        kinds += [3, 3, 3]
        return (pieces, kinds, merges)
    }()

    /// GPT-2's printable stand-in for each byte: itself where printable, else 256 and up in order.
    private static let byteCharacters: [Unicode.Scalar] = {
        var next: UInt32 = 256
        return (UInt32(0)..<256).map { byte in
            let isPrintable = (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
            if !isPrintable { next += 1 }
            return Unicode.Scalar(isPrintable ? byte : next - 1) ?? " "
        }
    }()
}
