import Inference

/// What an input of a turn has become, after what its order allows has been done to make it fit the model.
struct AcceptedPrompt: Sendable {
    let prompt: Prompt
    /// Messages that were left out of the conversation so that the rest fits.
    let droppedMessages: Int

    init<Model: ServedModel>(_ input: PromptInput, _ order: TurnOrder, for model: Model) throws(InferenceError) {
        do {
            let whole = try model.prompt(input)
            guard order.truncates, !Self.fits(whole, model),
                case .conversation(let conversation, let after) = input
            else {
                (prompt, droppedMessages) = (whole, 0)
                return
            }
            let shorter = try Self.shortened(conversation, after: after, for: model)
            (prompt, droppedMessages) = (shorter?.prompt ?? whole, shorter?.dropped ?? 0)
        } catch {
            guard case .noChatTemplate = error, let other = order.templateless else { throw error }
            (prompt, droppedMessages) = (try model.prompt(other), 0)
        }
    }

    private static func fits<Model: ServedModel>(_ prompt: Prompt, _ model: Model) -> Bool {
        prompt.tokens.count < model.information.contextLength
    }

    /// The conversation without the fewest of its oldest messages that must go; the system's stay, and so does the last one.
    /// nil: it is too long even so.
    private static func shortened<Model: ServedModel>(
        _ conversation: Conversation, after: [Int32], for model: Model
    ) throws(InferenceError) -> (prompt: Prompt, dropped: Int)? {
        let removable = conversation.messages.indices.dropLast().filter { conversation.messages[$0].role != .system }
        var best: (prompt: Prompt, dropped: Int)?
        // A shorter conversation makes a shorter prompt, so halving finds the longest that fits.
        var (low, high) = (1, removable.count)
        while low <= high {
            let count = (low + high) / 2
            let dropped = Set(removable.prefix(count))
            var shorter = conversation
            shorter.messages = conversation.messages.indices.filter { !dropped.contains($0) }
                .map { conversation.messages[$0] }
            let prompt = try model.prompt(.conversation(shorter, after: after))
            if fits(prompt, model) {
                best = (prompt, count)
                high = count - 1
            } else {
                low = count + 1
            }
        }
        return best
    }
}
