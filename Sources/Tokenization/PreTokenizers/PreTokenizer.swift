/// How a BPE model cuts text into words before it merges: what `tokenizer.ggml.pre` names.
public struct PreTokenizer: Sendable, Hashable {
    /// The name that it was asked for by.
    public let name: String

    /// Whether a word that is a piece of the vocabulary is taken as it is, whatever the merges make of it.
    public let takesWholeWords: Bool

    /// Whether its models begin a prompt with the BOS token where the file does not say.
    public let addsBOS: Bool

    let rule: Rule

    /// The ways of cutting. Several names share one.
    enum Rule: Sendable, Hashable {
        case original
        case gpt2
        case starCoder
        case falcon
        case llama3
        case qwen2
        case qwen35
        case miniCPM5
        case gpt4o
        case tekken
        case deepSeekLLM
        case deepSeekCoder
        case deepSeekV3
    }

    /// The pre-tokeniser of a name as in `tokenizer.ggml.pre`; nil is a file from before there were names.
    public init(named name: String?) throws(TokenizerError) {
        let name = name ?? "default"
        guard let (rule, takesWholeWords, addsBOS) = Self.known(name) else {
            throw TokenizerError(
                code: .unknownPreTokenizer, problem: "the pre-tokeniser '\(name)' is not one that conifer knows",
                advice: "use a newer conifer, or a model of a family that it lists as supported")
        }
        self.name = name
        self.rule = rule
        self.takesWholeWords = takesWholeWords
        self.addsBOS = addsBOS
    }

    private static func known(_ name: String) -> (rule: Rule, takesWholeWords: Bool, addsBOS: Bool)? {
        switch name {
        case "default": (.original, false, false)
        case "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de", "jina-v2-code",
            "roberta-bpe", "gigachat", "a.x-4.0", "mellum", "modern-bert", "mpt", "olmo", "jais", "trillion",
            "granite-docling", "exaone4":
            (.gpt2, false, false)
        case "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2":
            (.starCoder, false, false)
        case "falcon": (.falcon, false, false)
        case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano":
            (.llama3, true, true)
        case "glm4", "glm5": (.llama3, true, false)
        case "dbrx", "smaug-bpe", "chatglm-bpe": (.llama3, false, false)
        case "minicpm5": (.miniCPM5, true, false)
        case "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan", "solar-open",
            "grok-2":
            (.qwen2, false, false)
        case "qwen35": (.qwen35, false, false)
        case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2": (.gpt4o, false, false)
        case "tekken": (.tekken, true, true)
        case "deepseek-llm": (.deepSeekLLM, false, false)
        case "deepseek-coder": (.deepSeekCoder, false, false)
        case "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4": (.deepSeekV3, false, false)
        default: nil
        }
    }
}
