import Hummingbird
import NIOCore
import OrderedJSON
import Synchronization

/// Where a streamed answer is written to, by one task at a time or by several: each document is one write.
final class StreamOutput: Sendable {
    private let writer: WriterBox
    private let framing: StreamFraming
    private let lastWrite = Mutex(ContinuousClock.now)

    init(writer: any ResponseBodyWriter, framing: StreamFraming) {
        self.writer = WriterBox(writer)
        self.framing = framing
    }

    func write(_ document: JSON) async throws { try await write(framing.frame(document)) }

    /// A comment, where the framing has them.
    func comment(_ text: String) async throws {
        if let buffer = framing.comment(text) { try await write(buffer) }
    }

    /// Ends a stream that went well, or one that did not.
    func end(_ error: ServiceError? = nil) async throws {
        if let buffer = error.map({ framing.error($0) }) ?? framing.end { try await write(buffer) }
        try await writer.finish()
    }

    func isSilent(since instant: ContinuousClock.Instant) -> Bool { lastWrite.withLock { $0 <= instant } }

    private func write(_ buffer: ByteBuffer) async throws {
        lastWrite.withLock { $0 = .now }
        try await writer.write(buffer)
    }
}

/// Carries Hummingbird's writer into child tasks. It is a value around a channel's outbound writer, which takes writes from
/// any task; the protocol just does not say so.
private final class WriterBox: @unchecked Sendable {
    private let writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    func write(_ buffer: ByteBuffer) async throws {
        var writer = writer
        try await writer.write(buffer)
    }

    func finish() async throws { try await writer.finish(nil) }
}
