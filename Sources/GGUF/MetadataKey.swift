/// The metadata keys that conifer reads, each written once.
///
/// Keys of an architecture begin with its name, as in `llama.context_length` (`ARCH` below): functions here take it.
public enum MetadataKey {
    // About the file
    /// `general.architecture`
    public static let architecture = "general.architecture"
    /// `general.type`
    public static let type = "general.type"
    /// `general.name`
    public static let name = "general.name"
    /// `general.basename`
    public static let basename = "general.basename"
    /// `general.finetune`
    public static let finetune = "general.finetune"
    /// `general.size_label`
    public static let sizeLabel = "general.size_label"
    /// `general.version`
    public static let version = "general.version"
    /// `general.file_type`
    public static let fileType = "general.file_type"
    /// `general.quantization_version`
    public static let quantizationVersion = "general.quantization_version"
    /// `general.alignment`
    public static let alignment = "general.alignment"
    /// `general.license`
    public static let license = "general.license"
    /// `general.parameter_count`
    public static let parameterCount = "general.parameter_count"

    // About its parts
    /// `split.no`
    public static let splitNumber = "split.no"
    /// `split.count`
    public static let splitCount = "split.count"
    /// `split.tensors.count`
    public static let splitTensorCount = "split.tensors.count"

    // The tokeniser
    /// `tokenizer.ggml.model`
    public static let tokenizerModel = "tokenizer.ggml.model"
    /// `tokenizer.ggml.pre`
    public static let preTokenizer = "tokenizer.ggml.pre"
    /// `tokenizer.ggml.tokens`
    public static let tokens = "tokenizer.ggml.tokens"
    /// `tokenizer.ggml.token_type`
    public static let tokenTypes = "tokenizer.ggml.token_type"
    /// `tokenizer.ggml.scores`
    public static let scores = "tokenizer.ggml.scores"
    /// `tokenizer.ggml.merges`
    public static let merges = "tokenizer.ggml.merges"
    /// `tokenizer.ggml.bos_token_id`
    public static let beginningOfSequence = "tokenizer.ggml.bos_token_id"
    /// `tokenizer.ggml.eos_token_id`
    public static let endOfSequence = "tokenizer.ggml.eos_token_id"
    /// `tokenizer.ggml.eot_token_id`
    public static let endOfTurn = "tokenizer.ggml.eot_token_id"
    /// `tokenizer.ggml.eom_token_id`
    public static let endOfMessage = "tokenizer.ggml.eom_token_id"
    /// `tokenizer.ggml.unknown_token_id`
    public static let unknownToken = "tokenizer.ggml.unknown_token_id"
    /// Spelled so in every file.
    public static let separatorToken = "tokenizer.ggml.seperator_token_id"
    /// `tokenizer.ggml.padding_token_id`
    public static let paddingToken = "tokenizer.ggml.padding_token_id"
    /// `tokenizer.ggml.mask_token_id`
    public static let maskToken = "tokenizer.ggml.mask_token_id"
    /// `tokenizer.ggml.add_bos_token`
    public static let addsBeginningOfSequence = "tokenizer.ggml.add_bos_token"
    /// `tokenizer.ggml.add_eos_token`
    public static let addsEndOfSequence = "tokenizer.ggml.add_eos_token"
    /// `tokenizer.ggml.add_space_prefix`
    public static let addsSpacePrefix = "tokenizer.ggml.add_space_prefix"
    /// `tokenizer.ggml.remove_extra_whitespaces`
    public static let removesExtraWhitespace = "tokenizer.ggml.remove_extra_whitespaces"
    /// `tokenizer.ggml.fim_pre_token_id`
    public static let fillPrefixToken = "tokenizer.ggml.fim_pre_token_id"
    /// `tokenizer.ggml.fim_suf_token_id`
    public static let fillSuffixToken = "tokenizer.ggml.fim_suf_token_id"
    /// `tokenizer.ggml.fim_mid_token_id`
    public static let fillMiddleToken = "tokenizer.ggml.fim_mid_token_id"
    /// The older name of `fillPrefixToken`.
    public static let olderFillPrefixToken = "tokenizer.ggml.prefix_token_id"
    /// The older name of `fillSuffixToken`.
    public static let olderFillSuffixToken = "tokenizer.ggml.suffix_token_id"
    /// The older name of `fillMiddleToken`.
    public static let olderFillMiddleToken = "tokenizer.ggml.middle_token_id"
    /// `tokenizer.ggml.fim_pad_token_id`
    public static let fillPaddingToken = "tokenizer.ggml.fim_pad_token_id"
    /// `tokenizer.ggml.fim_rep_token_id`
    public static let fillRepositoryToken = "tokenizer.ggml.fim_rep_token_id"
    /// `tokenizer.ggml.fim_sep_token_id`
    public static let fillSeparatorToken = "tokenizer.ggml.fim_sep_token_id"
    /// `tokenizer.chat_template`
    public static let chatTemplate = "tokenizer.chat_template"
    /// The names of further templates, each at `chatTemplate(named:)`.
    public static let chatTemplates = "tokenizer.chat_templates"

    /// A further template, such as `tool_use`.
    public static func chatTemplate(named name: String) -> String { "tokenizer.chat_template.\(name)" }

    // Sizes
    /// `ARCH.vocab_size`
    public static func vocabularySize(_ architecture: String) -> String { "\(architecture).vocab_size" }
    /// `ARCH.context_length`
    public static func contextLength(_ architecture: String) -> String { "\(architecture).context_length" }
    /// `ARCH.embedding_length`
    public static func embeddingLength(_ architecture: String) -> String { "\(architecture).embedding_length" }
    /// `ARCH.block_count`
    public static func blockCount(_ architecture: String) -> String { "\(architecture).block_count" }
    /// `ARCH.feed_forward_length`
    public static func feedForwardLength(_ architecture: String) -> String { "\(architecture).feed_forward_length" }
    /// `ARCH.expert_count`
    public static func expertCount(_ architecture: String) -> String { "\(architecture).expert_count" }
    /// `ARCH.expert_used_count`
    public static func expertUsedCount(_ architecture: String) -> String { "\(architecture).expert_used_count" }
    /// `ARCH.embedding_scale`
    public static func embeddingScale(_ architecture: String) -> String { "\(architecture).embedding_scale" }
    /// `ARCH.residual_scale`
    public static func residualScale(_ architecture: String) -> String { "\(architecture).residual_scale" }
    /// `ARCH.logit_scale`
    public static func logitScale(_ architecture: String) -> String { "\(architecture).logit_scale" }
    /// `ARCH.final_logit_softcapping`
    public static func finalLogitSoftcapping(_ architecture: String) -> String {
        "\(architecture).final_logit_softcapping"
    }

    // Attention
    /// `ARCH.attention.head_count`
    public static func headCount(_ architecture: String) -> String { "\(architecture).attention.head_count" }
    /// `ARCH.attention.head_count_kv`
    public static func keyValueHeadCount(_ architecture: String) -> String { "\(architecture).attention.head_count_kv" }
    /// `ARCH.attention.key_length`
    public static func keyLength(_ architecture: String) -> String { "\(architecture).attention.key_length" }
    /// `ARCH.attention.value_length`
    public static func valueLength(_ architecture: String) -> String { "\(architecture).attention.value_length" }
    /// `ARCH.attention.layer_norm_rms_epsilon`
    public static func rmsEpsilon(_ architecture: String) -> String {
        "\(architecture).attention.layer_norm_rms_epsilon"
    }
    /// `ARCH.attention.sliding_window`
    public static func slidingWindow(_ architecture: String) -> String { "\(architecture).attention.sliding_window" }
    /// `ARCH.attention.scale`
    public static func attentionScale(_ architecture: String) -> String { "\(architecture).attention.scale" }
    /// How hidden rows become one embedding: 1 mean, 2 first token, 3 last token.
    public static func poolingType(_ architecture: String) -> String { "\(architecture).pooling_type" }
    /// `ARCH.attention.causal`
    public static func causalAttention(_ architecture: String) -> String { "\(architecture).attention.causal" }

    // Rotary positions
    /// `ARCH.rope.dimension_count`
    public static func ropeDimensionCount(_ architecture: String) -> String { "\(architecture).rope.dimension_count" }
    /// `ARCH.rope.freq_base`
    public static func ropeFrequencyBase(_ architecture: String) -> String { "\(architecture).rope.freq_base" }
    /// `none`, `linear`, `yarn` or `longrope`.
    public static func ropeScalingType(_ architecture: String) -> String { "\(architecture).rope.scaling.type" }
    /// `ARCH.rope.scaling.factor`
    public static func ropeScalingFactor(_ architecture: String) -> String { "\(architecture).rope.scaling.factor" }
    /// The same factor in files from before `rope.scaling.*`.
    public static func ropeScaleLinear(_ architecture: String) -> String { "\(architecture).rope.scale_linear" }
    /// `ARCH.rope.scaling.attn_factor`
    public static func ropeScalingAttentionFactor(_ architecture: String) -> String {
        "\(architecture).rope.scaling.attn_factor"
    }
    /// `ARCH.rope.scaling.original_context_length`
    public static func ropeScalingOriginalContextLength(_ architecture: String) -> String {
        "\(architecture).rope.scaling.original_context_length"
    }
    /// `ARCH.rope.scaling.finetuned`
    public static func ropeScalingFinetuned(_ architecture: String) -> String {
        "\(architecture).rope.scaling.finetuned"
    }
    /// `ARCH.rope.scaling.yarn_ext_factor`
    public static func yarnExtrapolationFactor(_ architecture: String) -> String {
        "\(architecture).rope.scaling.yarn_ext_factor"
    }
    /// `ARCH.rope.scaling.yarn_attn_factor`
    public static func yarnAttentionFactor(_ architecture: String) -> String {
        "\(architecture).rope.scaling.yarn_attn_factor"
    }
    /// `ARCH.rope.scaling.yarn_beta_fast`
    public static func yarnBetaFast(_ architecture: String) -> String { "\(architecture).rope.scaling.yarn_beta_fast" }
    /// `ARCH.rope.scaling.yarn_beta_slow`
    public static func yarnBetaSlow(_ architecture: String) -> String { "\(architecture).rope.scaling.yarn_beta_slow" }
    /// `ARCH.rope.scaling.yarn_log_multiplier`
    public static func yarnLogMultiplier(_ architecture: String) -> String {
        "\(architecture).rope.scaling.yarn_log_multiplier"
    }
}
