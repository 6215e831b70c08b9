import Foundation
import OrderedJSON
import Testing

/// What a person sees who starts the server and asks it.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ServingTests {
    @Test func `the first line says how many models are served and where, once requests are answered`() async throws {
        let server = try await RunningServer(Home.with("a", "b"))
        #expect(server.line.wholeMatch(of: /conifer serving 2 models on http:\/\/127\.0\.0\.1:\d+/) != nil)
        #expect(try await server.get("/health").status == 200)
        let models = try await server.get("/v1/models").json?["data"]?.arrayValue
        #expect(models?.compactMap { $0["id"]?.stringValue } == ["a", "b"])
        #expect(try await server.resident == nil, "listing loads nothing")
    }

    @Test func `an empty registry serves the models inside the executable`() async throws {
        let server = try await RunningServer(Home())
        #expect(server.line.hasPrefix("conifer serving 2 models on "))
        let answer = try await server.post(
            "/v1/chat/completions",
            #"{"model":"larch-3m","messages":[{"role":"user","content":"What is the capital of France?"}]}"#)
        #expect(answer.json?["choices"]?[0]?["message"]?["content"] == "Paris.")
    }

    @Test func `any model that is named answers, and the answer names it`() async throws {
        let server = try await RunningServer(Home.with("a", "b"))
        for name in ["a", "b", "B:latest", "a"] {
            let answer = try await server.chat(name)
            #expect(answer.json?["model"]?.stringValue == String(name.lowercased().prefix(1)))
            #expect(answer.header("x-conifer-model") == answer.json?["model"]?.stringValue)
        }
    }

    @Test(arguments: ["gpt-4o", "../x.gguf", "/etc/passwd", "file:///etc/passwd", ""])
    func `a name that is none is answered by the resident model`(name: String) async throws {
        let server = try await RunningServer(Home.with("a", "b"))
        _ = try await server.chat("b")
        let answer = try await server.chat(name)
        #expect(answer.status == 200 && answer.json?["model"] == "b")
        #expect(answer.header("x-conifer-fallback") == "unknown-model")
        let lines = server.process.log.split(separator: "\n").filter { $0.contains("names no model") }
        #expect(lines.count == 1)
    }

    @Test func `with nothing resident an unknown name gets the flag's model, else the last one, else the first`()
        async throws
    {
        let home = try await Home.with("a", "b")
        let first = try await RunningServer(home)
        #expect(try await first.chat("none").json?["model"] == "a")
        _ = try await first.chat("b", #""keep_alive":0"#)
        try await eventually { try await first.resident == nil }
        #expect(try await first.chat("none").json?["model"] == "b")
        let flagged = try await RunningServer(home, "--default-model", "b")
        #expect(try await flagged.chat("none").json?["model"] == "b")
    }

    @Test func `a bad keep_alive is refused before anything is loaded`() async throws {
        let server = try await RunningServer(Home.with("a"))
        for value in [#""""#, #""5 minutes""#, #""1d""#, "true", "[]", "{}", "1e400"] {
            #expect(try await server.chat("a", #""keep_alive":\#(value)"#).status == 400)
        }
        #expect(try await server.resident == nil)
        let bad = try await ConiferProcess.run("serve", "--port", "0", "--keep-alive", "soon", home: "none")
        #expect(bad.code == 64 && bad.output.isEmpty)
    }

    @Test func `health and status answer while a long prompt is read`() async throws {
        let server = try await RunningServer(Home.with("a"))
        _ = try await server.chat("a")
        let prompt = String(repeating: "x y ", count: 25_000)
        let chat = Task {
            try await server.post(
                "/v1/chat/completions",
                #"{"model":"a","messages":[{"role":"user","content":"\#(prompt)"}],"max_tokens":1}"#)
        }
        try await eventually { try await server.resident?["active_turns"] == 1 }
        let clock = ContinuousClock()
        var times: [Duration] = []
        while times.count < 20 {
            let time = try await clock.measure { _ = try await server.get("/health") }
            guard try await server.resident?["active_turns"] == 1 else { break }
            times.append(time)
        }
        #expect(times.count >= 3, "the prompt was read before the health could be asked for")
        let median = times.sorted()[times.count / 2]
        #expect(median < .milliseconds(500))
        #expect(try await chat.value.status == 200)
        print("health during a prefill: \(times.count) answers, median \(median)")
    }

    @Test func `a file that has broken since costs its request a 500 without a path, and the resident model stays`()
        async throws
    {
        let home = try await Home.with("a", "b")
        let server = try await RunningServer(home)
        _ = try await server.chat("a")
        try home.breakModel("b")
        let answer = try await server.chat("b")
        #expect(answer.status == 500)
        #expect(answer.header("x-should-retry") == "false")
        let message = answer.json?["error"]?["message"]?.stringValue ?? ""
        #expect(message.contains("b") && !answer.text.contains("conifer-test-"), "\(message)")
        #expect(try await server.resident?["name"] == "a:latest")
        #expect(try await server.chat("a").json?["model"] == "a")
    }

    @Test func `a model that does not fit is a 507 with both numbers, and the resident model stays`() async throws {
        let home = try await Home.with("a")
        try await home.add(home.largeModel("large", layers: 3), as: "large")
        let server = try await RunningServer(home, "--memory-budget", "32MiB")
        _ = try await server.chat("a")
        let answer = try await server.chat("large")
        #expect(answer.status == 507)
        #expect(answer.header("x-should-retry") == "false")
        let message = answer.json?["error"]?["message"]?.stringValue ?? ""
        #expect(message.contains("budget is 32 MiB (33554432 bytes)"), "\(message)")
        #expect(try await server.resident?["name"] == "a:latest")
        let show = try await ConiferProcess.run("show", "large", "--memory-budget", "32MiB", home: home.path)
        #expect(show.output.contains("33554432 bytes"), "\(show.output)")
    }

    @Test func `the context is cut to what fits, and everybody is told`() async throws {
        let home = try await Home.with("a")
        let server = try await RunningServer(home, "--memory-budget", "12MiB")
        let answer = try await server.chat("a")
        #expect(answer.status == 200, "\(answer.text)")
        let length = try #require(try await server.resident?["context_length"]?.integerValue)
        #expect(length >= 256 && length < 1 << 17)
        #expect(server.process.log.contains("the context is cut to what fits the memory budget"))
        let show = try await ConiferProcess.run("show", "a", "--memory-budget", "12MiB", "--json", home: home.path)
        let memory = try JSON(parsing: show.output)["memory"]
        #expect(memory?["context_length"]?.integerValue == length && memory?["context_cut"] == true)
    }
}
