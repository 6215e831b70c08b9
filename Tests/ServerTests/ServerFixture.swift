import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import OrderedJSON
import Residency
import Testing

@testable import Catalog
@testable import Server

/// A server over a fake engine with the models `alpha` and `beta`.
struct ServerFixture: Sendable {
    let engine = FakeEngine()
    let server: ConiferServer<FakeEngine>

    init(models: [String] = ["alpha", "beta"], _ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
        self.init(catalog: try Self.catalog(models), change)
    }

    init(catalog: ServedCatalog, _ change: (inout ServerConfiguration) -> Void = { _ in }) {
        // Patient, so that a busy machine turns no refusal into a stream; tests of streams that begin early say so.
        var configuration = ServerConfiguration(
            port: 0, shutdownGrace: .milliseconds(100), patience: .seconds(50), heartbeat: .milliseconds(50))
        change(&configuration)
        var logger = Logger(label: "conifer", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .critical
        server = ConiferServer(
            configuration: configuration, catalog: catalog, engine: engine, logger: logger)
    }

    static func catalog(_ models: [String]) throws -> ServedCatalog {
        let entries = models.map { name in
            RegistryEntry(
                name: name, path: "/secret/folder/\(name).gguf", parts: [], architecture: "llama",
                parameterCount: 8_190_000_000,
                quantization: "Q4_K_M", byteCount: 4_242, contextLength: 256, digest: String(repeating: "a", count: 64),
                added: Timestamp(secondsSince1970: 1_700_000_000), aliases: ["\(name)-alias"])
        }
        return ServedCatalog(entries.map { ModelReference($0) })
    }

    /// Speaks to the server without a socket.
    func test<Value: Sendable>(_ body: @escaping @Sendable (Caller) async throws -> Value) async throws -> Value {
        try await server.application().test(.router) { client in try await body(Caller(client: client)) }
    }

    var status: ResidencyStatus<CatalogModel> { server.service.residency.status }

    /// Waits until the condition holds; the suite's time limit ends a wait in vain.
    func eventually(_ condition: @Sendable () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }
}

/// Sends requests and reads JSON answers.
struct Caller: Sendable {
    let client: any TestClientProtocol

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPFields
        var text: String

        var json: JSON? { try? JSON(parsing: text) }
        /// The documents of an event stream, `[DONE]` as a string.
        var events: [JSON] {
            text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }
                .map { (try? JSON(parsing: String($0.dropFirst(6)))) ?? .string(String($0.dropFirst(6))) }
        }
        var lines: [JSON] { text.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) } }
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers, text: String(buffer: response.body))
        }
    }

    func get(_ path: String) async throws -> Answer { try await call(.get, path) }

    func post(_ path: String, _ body: String) async throws -> Answer { try await call(.post, path, body) }

    /// A POST that is answered with 200, or else fails the test.
    func succeed(
        _ path: String, _ body: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await post(path, body)
        #expect(answer.status == 200, "\(body): \(answer.text)", sourceLocation: sourceLocation)
    }

    /// A chat with the model of that name, with more members.
    func chat(_ model: String?, _ members: String = "", content: String = "hello") async throws -> Answer {
        let name = model.map { "\"model\":\"\($0)\"," } ?? ""
        return try await post(
            "/v1/chat/completions",
            "{\(name)\"messages\":[{\"role\":\"user\",\"content\":\"\(content)\"}]\(members.isEmpty ? "" : ",")\(members)}"
        )
    }
}
