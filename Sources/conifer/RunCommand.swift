internal import ArgumentParser
internal import Catalog
internal import Inference
internal import OrderedJSON

/// `conifer run`: chat in the terminal, or one answer.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Chat with a model in the terminal, or get one answer.",
        discussion: """
            With a prompt, or with text piped in, one answer is printed. A server that is running here does the work if there \
            is one; else the model is loaded into this process.

            Examples:
              conifer run larch-3m
              conifer run larch-3m "What is the capital of France?"
              git diff | conifer run qwen3-4b-q4_k_m "Summarise this change:"
            """)

    @Argument(help: "A model's name, or a GGUF file.")
    var model: String

    @Argument(help: "What to ask.")
    var prompt: String?

    @Option(help: "Instructions ahead of the conversation.")
    var system: String?

    @Option(help: "0: the likeliest answer always. Higher: more varied.")
    var temperature = 0.0

    @Option(help: "Most tokens of an answer.")
    var maxTokens = 512

    @Option(help: "Same seed, same answer.")
    var seed = 0

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        guard temperature >= 0, temperature.isFinite else { throw ValidationError("--temperature must be 0 or more") }
        guard maxTokens > 0 else { throw ValidationError("--max-tokens must be 1 or more") }
    }

    private var settings: ChatSettings {
        ChatSettings(temperature: temperature, maximumTokens: maxTokens, seed: seed)
    }

    func run() async throws {
        let piped = Terminal.inputIsTerminal ? "" : try StandardInput.text()
        let question = [prompt ?? "", piped].filter { !$0.isEmpty }.joined(separator: "\n\n")
        guard Terminal.inputIsTerminal || !question.isEmpty else {
            throw CommandError("there is no prompt: give one as an argument or through a pipe")
        }
        let backend = try await backend()
        var messages = system.map { [ConversationMessage(.system, $0)] } ?? []
        if question.isEmpty {
            try await chat(backend, &messages)
        } else {
            try await answerOnce(backend, messages + [ConversationMessage(.user, question)])
        }
        await backend.close()
    }

    private func backend() async throws -> any ChatBackend {
        let reference = try Composition.model(model)
        // A server knows models by name; a bare file is loaded here.
        if try Composition.catalog().resolve(model).model != nil, let client = try await ServerLocator.running(),
            try await client.get("/v1/models/\(reference.name)") != nil
        {
            return ServerBackend(client: client, model: reference.name)
        }
        Terminal.progress("loading \(reference.name) …")
        defer { Terminal.endProgress() }
        return LocalBackend(
            model: try await LocalModel.load(reference, options: LoadOptions(parallelTurns: 1)))
    }

    private func answerOnce(_ backend: any ChatBackend, _ messages: [ConversationMessage]) async throws {
        let answer = try await backend.answer(messages, settings) { text in
            if !json {
                Terminal.write(text)
            }
        }
        Terminal.line(json ? answer.json.serialized(.pretty) : "")
    }

    private func chat(_ backend: any ChatBackend, _ messages: inout [ConversationMessage]) async throws {
        Terminal.line(Terminal.dim("Ctrl-D or /bye ends the conversation, /clear forgets it."))
        let beginning = messages
        while true {
            Terminal.write("> ")
            guard let line = readLine() else { break }
            switch line.trimmingPrefix(while: \.isWhitespace) {
            case "": continue
            case "/bye": return
            case "/clear": messages = beginning
            default:
                messages.append(ConversationMessage(.user, line))
                do {
                    let answer = try await backend.answer(messages, settings, receive: Terminal.write)
                    messages.append(ConversationMessage(.assistant, answer.text))
                    Terminal.line("")
                } catch {
                    messages.removeLast()
                    Terminal.note("error: \(error)")
                }
            }
        }
        Terminal.line("")
    }
}
