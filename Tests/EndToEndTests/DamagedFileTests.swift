import Foundation
import OrderedJSON
import TestModels
import Testing

/// A download that is started again onto a model's file while the model is resident.
@Suite(.timeLimit(.minutes(5)), .serialized) struct DamagedFileTests {
    @Test func `a resident model whose file is cut short answers with an error, and the server lives on`() async throws
    {
        let home = try await Home.with("a", "b")
        let server = try await RunningServer(home)
        #expect(try await server.chat("a").status == 200)
        let whole = try TemporaryFolder.read(home.folder.file("a.gguf"))
        try home.folder.write([], as: "a.gguf")

        for _ in 0..<2 { expectRefusal(try await server.chat("a"), "has changed under the server", home) }
        let embedding = try await server.post("/v1/embeddings", #"{"model":"a","input":"hello"}"#)
        expectRefusal(embedding, "has changed under the server", home)
        #expect(try await server.get("/health").status == 200)

        #expect(try await server.chat("b").json?["model"] == "b")
        expectRefusal(try await server.chat("a"), "is empty", home)
        #expect(try await server.resident?["name"] == "b:latest", "a load that cannot be leaves what is resident alone")
        try home.folder.write(whole, as: "a.gguf")
        #expect(try await server.chat("a").json?["model"] == "a")
        #expect(server.process.isRunning)
    }

    @Test func `a turn that runs when the file is cut short ends with an error of its own`() async throws {
        let home = try await Home.with("a", "b")
        let server = try await RunningServer(home)
        var turn = try await server.stream("a", tokens: 100_000)
        try await turn.begin()
        try home.folder.write([], as: "a.gguf")
        try await turn.finish()
        #expect(turn.text.contains(#""code":"model_unusable""#) && !turn.isDone, "\(turn.text.suffix(500))")
        #expect(!turn.text.contains(home.folder.path))
        #expect(try await server.get("/health").status == 200)
        #expect(try await server.chat("b").json?["model"] == "b")
    }

    private func expectRefusal(_ answer: RunningServer.Answer, _ words: String, _ home: Home) {
        #expect(answer.status == 500 && answer.header("x-should-retry") == "false", "\(answer)")
        #expect(answer.json?["error"]?["message"]?.stringValue?.contains(words) == true, "\(answer.text)")
        #expect(!answer.text.contains(home.folder.path))
    }
}
