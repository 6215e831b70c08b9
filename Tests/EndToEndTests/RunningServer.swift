import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OrderedJSON

/// `conifer serve` on a free port, and requests to it.
final class RunningServer: Sendable {
    let process: ConiferProcess
    /// What it printed first.
    let line: String
    let url: String
    /// Its files are there as long as the server is.
    private let home: Home

    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        // A refused connection is tried again until this is over; where a server listens there is one at once.
        configuration.timeout.connect = .seconds(1)
        return HTTPClient(configuration: configuration)
    }()

    /// Starts a server and waits for its first line.
    init(_ home: Home, _ flags: String...) async throws {
        let process = try ConiferProcess(["serve", "--port", "0"] + flags, home: home.path)
        try await eventually { process.output.hasSuffix("\n") || !process.isRunning }
        guard let end = process.output.firstIndex(of: "\n") else {
            throw TestFailure("conifer serve ended: \(process.log)")
        }
        self.process = process
        self.home = home
        line = String(process.output[..<end])
        url = line.split(separator: " ").last.map(String.init) ?? ""
    }

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var text: String
        var json: JSON? { try? JSON(parsing: text) }

        func header(_ name: String) -> String? { headers.first(name: name) }
    }

    func get(_ path: String, url other: String? = nil) async throws -> Answer {
        try await answer(HTTPClientRequest(url: (other ?? url) + path))
    }

    func post(_ path: String, _ body: String) async throws -> Answer { try await answer(request(path, body)) }

    /// A chat with an answer of so many tokens, as one document.
    func chat(_ model: String, tokens: Int = 4, _ members: String = "") async throws -> Answer {
        try await post("/v1/chat/completions", Self.chatBody(model, tokens: tokens, stream: false, members))
    }

    /// A chat whose answer is read when the test likes.
    func stream(_ model: String, tokens: Int, _ members: String = "") async throws -> AnswerStream {
        let body = Self.chatBody(model, tokens: tokens, stream: true, members)
        let response = try await Self.client.execute(request("/v1/chat/completions", body), timeout: .hours(1))
        guard response.status == .ok else {
            let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
            throw TestFailure("the server answered \(response.status): \(text)")
        }
        return AnswerStream(response.body)
    }

    /// The resident model as `/api/ps` has it.
    var resident: JSON? {
        get async throws { try await get("/api/ps").json?["models"]?[0] }
    }

    private static func chatBody(_ model: String, tokens: Int, stream: Bool, _ members: String) -> String {
        #"{"model":"\#(model)","messages":[{"role":"user","content":"hello"}],"max_tokens":\#(tokens),"#
            + #""stream":\#(stream),\#(Home.endless)\#(members.isEmpty ? "" : ",")\#(members)}"#
    }

    private func request(_ path: String, _ body: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: body))
        return request
    }

    private func answer(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await Self.client.execute(request, timeout: .hours(1))
        let body = try await response.body.collect(upTo: 64 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: body))
    }
}

/// A streamed answer, read as far as the test wants. Dropping it leaves the server.
struct AnswerStream {
    private var iterator: HTTPClientResponse.Body.AsyncIterator
    private(set) var text = ""

    init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

    /// Reads until there is something of the answer itself.
    mutating func begin() async throws {
        while !text.contains("\"content\":\""), let buffer = try await iterator.next() {
            text += String(buffer: buffer)
        }
    }

    /// Reads to the end.
    mutating func finish() async throws {
        while let buffer = try await iterator.next() { text += String(buffer: buffer) }
    }

    /// The events but the last, `[DONE]`.
    var events: [JSON] {
        text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: {") }
            .compactMap { try? JSON(parsing: String($0.dropFirst(6))) }
    }
    var isDone: Bool { text.hasSuffix("data: [DONE]\n\n") }
    var finishReason: String? {
        events.last { $0["choices"]?[0] != nil }?["choices"]?[0]?["finish_reason"]?.stringValue
    }
}
