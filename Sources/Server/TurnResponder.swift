import HTTPTypes
import Hummingbird
import Inference
import Residency

/// Runs one turn for one client, as a whole or as a stream.
struct TurnResponder<Engine: ModelEngine>: Sendable {
    typealias Started = StartedTurn<Engine.Model>

    let service: ConiferService<Engine>
    let watch: ClientWatch
    let framing: StreamFraming
    let makeEncoder: @Sendable (Started) -> any TurnEncoder

    /// Answers with one document, when the turn is complete.
    func whole(_ order: TurnOrder) async throws -> Response {
        let pending = PendingTurn(order, service: service)
        defer { pending.cancel() }
        let started = try await withInterruptions([watch.gone]) { try await pending.outcome.value() }
        defer { started.end(clientIsGone: watch.gone.isResolved) }
        let encoder = makeEncoder(started)
        let answers = try await interruptible(started) {
            try await withThrowingTaskGroup(of: (Int, CollectedAnswer).self) { group in
                for (choice, stream) in started.streams.enumerated() {
                    group.addTask { (choice, try await Self.collect(stream, choice: choice, started.meter)) }
                }
                var answers: [Int: CollectedAnswer] = [:]
                for try await (choice, answer) in group { answers[choice] = answer }
                return started.streams.indices.compactMap { answers[$0] }
            }
        }
        // The turn is over before its client hears of it: what it asks next finds the slot as it is.
        started.end(clientIsGone: false)
        var response = Response.json(encoder.whole(answers))
        response.name(started.lease.admission)
        return response
    }

    /// Answers with a stream. Whatever is found wrong within the patience has a status of its own; after that the stream
    /// has begun, and says that the client waits.
    func stream(_ order: TurnOrder) async throws -> Response {
        let pending = PendingTurn(order, service: service)
        let early = try await withInterruptions([watch.gone]) {
            try await pending.outcome.value(within: service.configuration.patience)
        }
        var response = Response(
            status: .ok, headers: [.contentType: framing.contentType, .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                let output = StreamOutput(writer: writer, framing: framing)
                do {
                    try await run(pending, output)
                    try await output.end()
                } catch {
                    let error = ServiceError(error)
                    guard error.status.code != ServiceError.clientGone.status.code else { throw error }
                    try await output.end(error)
                }
            })
        if let early {
            response.name(early.lease.admission)
        } else if order.wanted == .resident {
            // Which model will answer is not known before the lease: even one that was named may have left the catalog
            // by then. That the name is unknown is certain.
            response.headers[.xConiferFallback] = "unknown-model"
        }
        return response
    }

    private func run(_ pending: PendingTurn<Engine.Model>, _ output: StreamOutput) async throws {
        defer { pending.cancel() }
        let started = try await withInterruptions([watch.gone]) {
            while true {
                if let started = try await pending.outcome.value(within: service.configuration.heartbeat) {
                    return started
                }
                try await output.comment(service.waitingText)
            }
        }
        defer { started.end(clientIsGone: watch.gone.isResolved) }
        let encoder = makeEncoder(started)
        let results = try await interruptible(started) {
            for document in encoder.opening(choices: started.streams.count) { try await output.write(document) }
            return try await withThrowingTaskGroup(of: (Int, GenerationResult)?.self) { group in
                for (choice, stream) in started.streams.enumerated() {
                    group.addTask {
                        (choice, try await Self.forward(stream, choice: choice, started.meter, encoder, output))
                    }
                }
                group.addTask { try await beat(output) }
                var results: [Int: GenerationResult] = [:]
                while results.count < started.streams.count, let next = try await group.next() {
                    if let (choice, result) = next { results[choice] = result }
                }
                group.cancelAll()
                return started.streams.indices.compactMap { results[$0] }
            }
        }
        started.end(clientIsGone: false)
        for document in encoder.closing(results) { try await output.write(document) }
    }

    /// Runs what reads the turn's streams, until it ends, the client leaves, or the grace of a shutdown is over.
    private func interruptible<Value: Sendable>(
        _ started: Started, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let cut = Outcome<ServiceError>()
        started.lease.onCut { cut.resolve(.success(.shuttingDown)) }
        return try await withInterruptions([watch.gone, cut], operation)
    }

    private static func collect(
        _ stream: GenerationStream, choice: Int, _ meter: TurnMeter
    ) async throws -> CollectedAnswer {
        var answer = CollectedAnswer(result: GenerationResult(reason: .stop))
        var isFinished = false
        for try await event in stream {
            meter.note(event, choice: choice)
            switch event {
            case .prompt(let scores): answer.prompt = scores
            case .text(let text, let tokens):
                answer.text += text
                answer.tokens += tokens
            case .reasoning(let text): answer.reasoning += text
            case .finished(let result):
                answer.result = result
                isFinished = true
            }
        }
        guard isFinished else { throw endedEarly() }
        return answer
    }

    private static func forward(
        _ stream: GenerationStream, choice: Int, _ meter: TurnMeter, _ encoder: any TurnEncoder,
        _ output: StreamOutput
    ) async throws -> GenerationResult {
        var last: GenerationResult?
        var offset = 0
        for try await event in stream {
            meter.note(event, choice: choice)
            switch event {
            case .prompt(let scores):
                if let document = encoder.prompt(scores, choice: choice) { try await output.write(document) }
            case .text(let text, let tokens):
                let piece = AnswerPiece(text: text, tokens: tokens, offset: offset)
                try await output.write(encoder.text(piece, choice: choice))
                offset += text.unicodeScalars.count
            case .reasoning(let text): try await output.write(encoder.reasoning(text, choice: choice))
            case .finished(let result):
                if let document = encoder.finish(result, choice: choice) { try await output.write(document) }
                last = result
            }
        }
        guard let last else { throw endedEarly() }
        return last
    }

    /// A stream that ends without its last event: its reader was cancelled, or the engine broke its word.
    private static func endedEarly() -> any Error {
        Task.isCancelled ? CancellationError() : InferenceError.engine(reason: "the turn ended without a result")
    }

    /// Says now and then that a silent model is at work.
    private func beat(_ output: StreamOutput) async throws -> (Int, GenerationResult)? {
        while true {
            try await Task.sleep(for: service.configuration.heartbeat)
            if output.isSilent(since: .now - service.configuration.heartbeat) {
                try await output.comment("working")
            }
        }
    }
}
