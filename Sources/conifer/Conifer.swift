internal import ArgumentParser

/// The executable: one local LLM server, and the commands that manage what it serves.
@main
struct Conifer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conifer",
        abstract: "Run open-weight language models on this machine.",
        discussion: """
            conifer serves any model of its catalog to OpenAI and Ollama clients, one resident at a time, loaded when a request \
            names it.

            Examples:
              conifer serve                                  the server, on http://127.0.0.1:8080
              conifer add ~/models/Qwen3-0.6B-Q4_K_M.gguf     put a model into the catalog
              conifer run qwen3-0.6b-q4_k_m "Hello"           one answer in the terminal
            """,
        version: Composition.version,
        subcommands: [
            ServeCommand.self, ListCommand.self, AddCommand.self, RemoveCommand.self, AliasCommand.self,
            ShowCommand.self, RunCommand.self, PsCommand.self, StopCommand.self, BenchCommand.self,
            TokenizeCommand.self, PerplexityCommand.self,
        ])
}
