import Inference
import OpenAIWire
import Sampling

extension RouteRequest {
    /// One set of options for each answer to a prompt. Each answer draws differently, and the same at every repetition.
    static func options(
        _ fields: CommonFields, answers: Int, _ complete: (inout GenerationOptions) -> Void
    ) throws(SamplingError) -> [GenerationOptions] {
        var all: [GenerationOptions] = []
        for answer in 0..<answers {
            var options = GenerationOptions(
                stopStrings: fields.stop, sampling: try Self.sampling(fields.sampling, answer: answer))
            complete(&options)
            all.append(options)
        }
        return all
    }

    private static func sampling(_ fields: SamplingFields, answer: Int) throws(SamplingError) -> SamplingParameters {
        do {
            return try SamplingParameters(
                temperature: Float(fields.temperature ?? 0), topK: fields.topK ?? 0, topP: Float(fields.topP ?? 1),
                minP: Float(fields.minP ?? 0), repetitionPenalty: Float(fields.repetitionPenalty ?? 1),
                presencePenalty: Float(fields.presencePenalty ?? 0),
                frequencyPenalty: Float(fields.frequencyPenalty ?? 0),
                logitBias: fields.logitBias.mapValues { Float($0) },
                seed: UInt64(bitPattern: Int64(fields.seed ?? 0)) &+ UInt64(answer))
        } catch {
            let error = error.finding([
                "temperature": fields.temperature, "min_p": fields.minP, "repeat_penalty": fields.repetitionPenalty,
                "presence_penalty": fields.presencePenalty, "frequency_penalty": fields.frequencyPenalty,
                "logit_bias": fields.logitBias.values.first { Float($0).isInfinite },
            ])
            guard case .outOfRange("repeat_penalty", let found, let allowed) = error else { throw error }
            // The error names the field as the client does.
            throw .outOfRange(name: fields.repetitionPenaltyName, found: found, allowed: allowed)
        }
    }
}
