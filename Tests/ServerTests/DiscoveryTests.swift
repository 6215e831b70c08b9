import Foundation
import GGUF
import HTTPTypes
import OrderedJSON
import TestModels
import Testing

@testable import Catalog
@testable import Server

/// How programs that look for Ollama find their models: each test reads the answers as strictly as one of them does.
@Suite(.timeLimit(.minutes(1))) struct DiscoveryTests {
    /// A server with files of every kind: one that chats, thinks and calls tools, a bare one that fills gaps, one for
    /// embeddings.
    struct House: Sendable {
        let folder: TemporaryFolder
        let fixture: ServerFixture

        init(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
            folder = try TemporaryFolder()
            var chat = TinyModel(.qwen3).builder()
            let template = TinyVocabulary.chatTemplate
            chat.set(MetadataKey.chatTemplate, .string(template + "{% if tools %}<think></think>{% endif %}"))
            chat.set(MetadataKey.license, .string("apache-2.0"))
            chat.set(MetadataKey.basename, .string("Tiny Chat"))
            var gap = TinyModel(.llama).builder()
            gap.remove(MetadataKey.chatTemplate)
            for (token, key) in [
                MetadataKey.fillPrefixToken, MetadataKey.fillSuffixToken, MetadataKey.fillMiddleToken,
            ].enumerated() {
                gap.set(key, .uint32(UInt32(token)))
            }
            var vector = TinyModel(.qwen2).builder()
            vector.set(MetadataKey.poolingType("qwen2"), .uint32(3))
            var models: [ModelReference] = []
            for (name, builder) in [("chat:q8", chat), ("gap", gap), ("vector", vector)] {
                let file = name.replacingOccurrences(of: ":", with: "-") + ".gguf"
                models.append(try ModelReference(path: folder.write(builder.build(), as: file), name: name))
            }
            fixture = ServerFixture(catalog: ServedCatalog(models), change)
        }

        /// Speaks to the server; the files stay for as long.
        func test<Value: Sendable>(_ body: @escaping @Sendable (Caller) async throws -> Value) async throws -> Value {
            try await fixture.test(body)
        }
    }

    func show(_ name: String, in house: House) async throws -> JSON {
        let answer = try await house.test { try await $0.post("/api/show", #"{"model":"\#(name)"}"#) }
        #expect(answer.status == 200 && !answer.text.contains(house.folder.path))
        return try #require(answer.json)
    }

    @Test func `VS Code, the version as dotted numbers, capabilities as an array, the context by architecture`()
        async throws
    {
        let house = try House()
        let tags = try await house.test { try await $0.get("/api/tags") }
        for model in try #require(tags.json?["models"]?.arrayValue) {
            let shown = try await show(try #require(model["model"]?.stringValue), in: house)
            #expect(shown["capabilities"]?.arrayValue?.isEmpty == false)
            let information = try #require(shown["model_info"])
            let architecture = try #require(information["general.architecture"]?.stringValue)
            #expect(information["\(architecture).context_length"] == 512)
            #expect(information["general.basename"]?.stringValue?.isEmpty == false)
        }
        #expect(try await show("chat:q8", in: house)["model_info"]?["general.basename"] == "Tiny Chat")
    }

    @Test(arguments: [(100, 100), (512, 512), (1_000, 512)])
    func `VS Code, a context that is no longer than the server gives it`(limit: Int, shown: Int) async throws {
        let house = try House { $0.contextLength = limit }
        let (chat, gap) = (try await show("chat:q8", in: house), try await show("gap", in: house))
        #expect(chat["model_info"]?["qwen3.context_length"]?.integerValue == shown)
        #expect(gap["model_info"]?["llama.context_length"]?.integerValue == shown)
    }

    @Test func `capabilities are what the models can do, the same in both listings`() async throws {
        let house = try House()
        let tags = try await house.test { try await $0.get("/api/tags") }
        let models = try #require(tags.json?["models"]?.arrayValue)
        #expect(models.map { $0["name"] } == ["chat:q8", "gap:latest", "vector:latest"])
        let expected: [JSON] = [["completion", "tools", "thinking"], ["completion", "insert"], ["embedding"]]
        #expect(models.map { $0["capabilities"] } == expected)
        for (model, capabilities) in zip(models, expected) {
            let shown = try await show(try #require(model["name"]?.stringValue), in: house)
            #expect(shown["capabilities"] == capabilities && shown["details"] == model["details"])
        }
        #expect(house.fixture.engine.log == [])
    }

    @Test func `Zed, strict types in every entry`() async throws {
        let house = try House()
        let tags = try await house.test { try await $0.get("/api/tags") }
        for model in try #require(tags.json?["models"]?.arrayValue) {
            for key in ["name", "modified_at", "digest"] { #expect(model[key]?.stringValue?.isEmpty == false) }
            guard case .integer(let size)? = model["size"] else {
                Issue.record("a size that is no integer")
                continue
            }
            #expect(size > 0)
            for key in ["format", "family", "parameter_size", "quantization_level"] {
                #expect(model["details"]?[key]?.stringValue?.isEmpty == false)
            }
        }
    }

    @Test func `Open WebUI and old Pythons, times with at most six digits and a numeric offset`() async throws {
        let house = try House()
        let times = try await house.test { caller in
            let chat = try await caller.post("/api/generate", #"{"model":"gap","prompt":"x","keep_alive":-1}"#)
            let shown = try await caller.post("/api/show", #"{"model":"gap"}"#)
            let running = try await caller.get("/api/ps").json?["models"]?[0]
            let listed = try await caller.get("/api/tags").json?["models"]?[0]
            return [
                chat.lines.last?["created_at"], shown.json?["modified_at"], running?["expires_at"],
                listed?["modified_at"],
            ]
        }
        for time in times {
            let text = try #require(time?.stringValue)
            #expect(try /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00/.wholeMatch(in: text) != nil, "\(text)")
        }
    }

    @Test func `Home Assistant, names in both lists with their tags, and polls that neither load nor touch the clock`()
        async throws
    {
        let house = try House()
        try await house.test { caller in
            #expect(try await caller.get("/api/ps").text == #"{"models":[]}"#)
            let body =
                #"{"model":"gap:latest","messages":[{"role":"user","content":"x"}],"stream":false,"#
                + #""keep_alive":"-1s","options":{"num_ctx":8192},"tools":null}"#
            #expect(try await caller.post("/api/chat", body).status == 200)
            let running = try #require(try await caller.get("/api/ps").json?["models"]?[0])
            #expect(running["name"] == "gap:latest" && running["model"] == "gap:latest")
            #expect(running["pinned"] == true && running["context_length"] == 128)
            for key in ["size", "size_vram"] { #expect(running[key]?.integerValue == 33) }
        }
        #expect(house.fixture.engine.log == ["check gap", "load gap"])
    }

    @Test func `Continue, parameters line by line, the older name, and a suffix where gaps are filled`() async throws {
        let house = try House()
        #expect(try await show("chat:q8", in: house)["template"]?.stringValue?.contains(".Suffix") == false)
        #expect(try await show("gap", in: house)["template"]?.stringValue?.contains(".Suffix") == true)
        try await house.test { caller in
            let before = try await caller.post("/api/show", #"{"name":"chat:q8"}"#)
            #expect(before.json?["parameters"] == "")
            _ = try await caller.post("/api/generate", #"{"model":"chat:q8","keep_alive":1800}"#)
            let shown = try await caller.post("/api/show", #"{"model":"","name":"chat:q8"}"#)
            let lines = try #require(shown.json?["parameters"]?.stringValue).split(separator: "\n")
            #expect(lines.count == 1)
            for line in lines {
                let match = try /(\S+)\s+("[^"]*"|\S+)/.wholeMatch(in: line)
                #expect(match?.1 == "num_ctx" && match?.2 == "128")
            }
        }
    }

    @Test func `the ollama command, digests of twelve characters and more, and everything it shows`() async throws {
        let house = try House()
        let shown = try await show("chat:q8", in: house)
        #expect(shown["license"] == "apache-2.0" && shown["template"]?.stringValue?.contains("<|im_start|>") == true)
        let modelfile = try #require(shown["modelfile"]?.stringValue)
        #expect(modelfile.hasPrefix("FROM chat:q8\nTEMPLATE \"\"\""))
        let bare = try await show("gap", in: house)
        #expect(bare["license"] == "" && bare["modelfile"]?.stringValue?.hasPrefix("FROM gap:latest\n") == true)
        try await house.test { caller in
            _ = try await caller.post("/api/generate", #"{"model":"gap"}"#)
            for path in ["/api/tags", "/api/ps"] {
                let digest = try await caller.get(path).json?["models"]?[0]?["digest"]?.stringValue
                #expect(digest?.count == 64)
            }
        }
    }

    @Test func `what changes Ollama's registry says how it is done here, and changes nothing`() async throws {
        let house = try House()
        try await house.test { caller in
            let requests: [(HTTPRequest.Method, String)] = [
                (.post, "/api/create"), (.post, "/api/copy"), (.post, "/api/push"), (.delete, "/api/delete"),
                (.post, "/api/blobs/sha256:abc"), (.get, "/api/blobs/sha256:abc"),
            ]
            for (method, path) in requests {
                let answer = try await caller.call(method, path, #"{"model":"gap"}"#)
                #expect(answer.status == 400 && answer.json?["error"]?.stringValue?.contains("conifer add") == true)
            }
            let pull = try await caller.post("/api/pull", #"{"model":"llama3.2"}"#)
            #expect(pull.status == 400 && pull.json?["error"]?.stringValue?.contains("conifer add") == true)
            let there = try await caller.post("/api/pull", #"{"name":"gap:latest"}"#)
            #expect(there.status == 200 && there.text == "{\"status\":\"success\"}\n")
            let whole = try await caller.post("/api/pull", #"{"model":"gap","stream":false}"#)
            #expect(whole.json == ["status": "success"])
            #expect(try await caller.get("/api/tags").json?["models"]?.arrayValue?.count == 3)
        }
        #expect(house.fixture.engine.log == [])
    }

    @Test func `show of what is not there is a 404, of no name a 400`() async throws {
        let house = try House()
        try await house.test { caller in
            let none = try await caller.post("/api/show", #"{"name":"nobody"}"#)
            #expect(none.status == 404 && none.json?["error"] == "model 'nobody' not found")
            for body in ["{}", #"{"model":"","name":""}"#] {
                let answer = try await caller.post("/api/show", body)
                #expect(answer.status == 400 && answer.json?["error"] == "model is required")
            }
        }
    }

    @Test func `a file that is gone is listed all the same, and showing it names no path`() async throws {
        try await ServerFixture().test { caller in
            let answer = try await caller.post("/api/show", #"{"model":"alpha"}"#)
            #expect(answer.status == 500 && !answer.text.contains("/secret"))
            #expect(try await caller.get("/api/tags").json?["models"]?.arrayValue?.count == 2)
        }
    }
}
