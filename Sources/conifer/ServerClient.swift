internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import OrderedJSON

/// Talks to a `conifer serve` on this machine, as any other client would.
struct ServerClient: Sendable {
    /// Where the server is: `http://127.0.0.1:8080`.
    let url: String
    let apiKey: String?

    /// A conversation's request lasts as long as the answer; everything else is quick.
    private static let quick = TimeAmount.seconds(5)
    private static let slow = TimeAmount.hours(24)
    /// Answers of status routes are small; a larger one is not ours.
    private static let maximumAnswer = 16 << 20

    /// The answer to a GET, or nil if nobody listens there.
    func get(_ path: String) async throws -> JSON? {
        do {
            return try await json(request(path), timeout: Self.quick)
        } catch let error as CommandError {
            throw error
        } catch {
            return nil
        }
    }

    /// The answer to a POST.
    func post(_ path: String, _ body: JSON) async throws -> JSON {
        var request = request(path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: body.serialized()))
        return try await json(request, timeout: Self.slow)
    }

    /// The events of a POST with `stream: true`, each as it arrives, until `[DONE]`.
    func stream(_ path: String, _ body: JSON, _ receive: (JSON) throws -> Void) async throws {
        var request = request(path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: body.serialized()))
        let response = try await HTTPClient.shared.execute(request, timeout: Self.slow)
        guard response.status == .ok else {
            throw try await failure(of: response)
        }
        var line: [UInt8] = []
        for try await buffer in response.body {
            for byte in buffer.readableBytesView {
                guard byte == 0x0A else {
                    line.append(byte)
                    continue
                }
                defer { line.removeAll(keepingCapacity: true) }
                guard line.starts(with: Array("data: ".utf8)) else { continue }
                let payload = line.dropFirst(6)
                if payload.elementsEqual("[DONE]".utf8) {
                    return
                }
                let event = try JSON(parsing: payload)
                if let message = event["error"]?["message"]?.stringValue {
                    throw CommandError(message)
                }
                try receive(event)
            }
        }
    }

    private func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url + path)
        if let apiKey {
            request.headers.add(name: "authorization", value: "Bearer \(apiKey)")
        }
        return request
    }

    private func json(_ request: HTTPClientRequest, timeout: TimeAmount) async throws -> JSON {
        let response = try await HTTPClient.shared.execute(request, timeout: timeout)
        guard response.status == .ok else {
            throw try await failure(of: response)
        }
        let body = try await response.body.collect(upTo: Self.maximumAnswer)
        return try JSON(parsing: body.readableBytesView)
    }

    /// The server's own words for why it refused.
    private func failure(of response: HTTPClientResponse) async throws -> CommandError {
        let body = try await response.body.collect(upTo: Self.maximumAnswer)
        let answer = try? JSON(parsing: body.readableBytesView)
        let message = answer?["error"]?["message"]?.stringValue ?? answer?["error"]?.stringValue
        return CommandError("the server at \(url) answered \(response.status): \(message ?? String(buffer: body))")
    }
}
