#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A client on a bare socket: it can send half a request, read half an answer, and leave whenever it likes.
final class RawClient: Sendable {
    private let socket: Int32

    init(port: Int, address: RawAddress = .ipv4) throws {
        socket = address.socket()
        let socket = socket
        let status = address.withAddress(port: port) { connect(socket, $0, $1) }
        guard status == 0 else {
            close(socket)
            throw RawClientError(text: "cannot connect: \(errno)")
        }
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
    }

    /// A POST of a JSON body.
    func post(_ path: String, _ body: String) {
        send(
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// A chat.
    func chat(_ model: String, stream: Bool) {
        post(
            "/v1/chat/completions",
            #"{"model":"\#(model)","stream":\#(stream),"messages":[{"role":"user","content":"hello"}]}"#)
    }

    /// Reads until the text has come; the suite's time limit ends a wait in vain. Returns all that was read.
    func read(until text: String) async throws -> String {
        var received = ""
        while !received.contains(text) {
            guard let more = try await next() else {
                throw RawClientError(text: "the server closed the connection after: \(received)")
            }
            received += more
        }
        return received
    }

    /// Reads until the server closes.
    func readAll() async throws -> String {
        var received = ""
        while let more = try await next() { received += more }
        return received
    }

    private func next() async throws -> String? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
            if count > 0 { return String(decoding: buffer.prefix(count), as: UTF8.self) }
            if count == 0 { return nil }
            guard errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR else { return nil }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Closes the sending half: the server reads the end of the stream, and can still answer.
    func finishSending() {
        #if canImport(Darwin)
            shutdown(socket, SHUT_WR)
        #else
            shutdown(socket, Int32(SHUT_WR))
        #endif
    }

    /// Leaves: the system tells the server that there will be nothing more.
    func leave() { close(socket) }

    /// Leaves as a client that crashed does: what is on its way is thrown away, and the server is told by a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(socket)
    }
}

struct RawClientError: Error {
    var text: String
}
