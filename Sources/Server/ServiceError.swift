import GGUF
import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import OrderedJSON
import Residency
import Sampling

/// A request that cannot be answered, with all that both wires say about it.
struct ServiceError: Error, Sendable {
    var status: HTTPResponse.Status
    /// What happened and what to do; never a path of this machine.
    var message: String
    /// OpenAI's kind of error.
    var type: String
    var code: String?
    /// The field at fault.
    var param: String?
    /// When it is worth trying again, in seconds.
    var retryAfter: Int?
    /// Whether trying again can help at all, where clients would otherwise try.
    var shouldRetry: Bool?
    /// The methods that the path does take.
    var allow: String?

    init(
        _ status: HTTPResponse.Status, _ message: String, type: String = "invalid_request_error", code: String? = nil,
        param: String? = nil, retryAfter: Int? = nil, shouldRetry: Bool? = nil, allow: String? = nil
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.code = code
        self.param = param
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
        self.allow = allow
    }

    /// The client has left: nobody reads the answer; the status is for the log.
    static let clientGone = ServiceError(
        HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"), "the client has left",
        type: "server_error", code: "request_canceled")

    /// The turn was cut, or not begun, because the server ends.
    static let shuttingDown = ServiceError(
        .serviceUnavailable, "the server is shutting down", type: "server_error", code: "shutting_down", retryAfter: 5)

    static func notYet(_ field: String, _ what: String) -> ServiceError {
        ServiceError(
            .badRequest, "\(field): \(what) is not supported yet; leave the field out", code: "unsupported_parameter",
            param: field)
    }

    /// A name that must be in the catalog is not. The words are Ollama's, which clients match on.
    static func noSuchModel(_ name: String) -> ServiceError {
        ServiceError(
            .notFound, "model '\(name.shortened(to: 100))' not found", type: "not_found_error", code: "model_not_found",
            param: "model")
    }

    static func bodyTooLarge(limit: Int) -> ServiceError {
        ServiceError(
            .contentTooLarge, "the body is larger than \(limit) bytes, the most that this server takes",
            code: "body_too_large")
    }
}

extension ServiceError {
    /// What an error of a floor below means to a client.
    ///
    /// - Parameter inputField: the field of the request that the prompt comes from.
    init(_ error: any Error, inputField: String = "messages") {
        switch error {
        case let error as ServiceError: self = error
        case let error as JSONError: self.init(.badRequest, "\(error)", code: "invalid_json", param: error.field)
        case let error as JSONFieldError: self.init(.badRequest, "\(error)", param: error.field)
        case let error as KeepAliveError: self.init(error)
        case let error as SamplingError: self.init(.badRequest, "\(error)", param: error.parameter)
        case let error as ResidencyError<CatalogModel>: self.init(error)
        case let error as InferenceError: self.init(error, inputField)
        case let error as GGUFError:
            // Its description has the file's name alone, no folder.
            self.init(
                .internalServerError, "\(error)", type: "server_error", code: "model_unusable", shouldRetry: false)
        case is CancellationError: self = .clientGone
        case let error as any HTTPResponseError where error.status == .contentTooLarge:
            self.init(.contentTooLarge, "the body is larger than this server takes", code: "body_too_large")
        default:
            // Whatever it says may hold a path; the log has it.
            self.init(.internalServerError, "an internal error; the server's log says more", type: "server_error")
        }
    }

    private init(_ error: KeepAliveError) {
        // A unit, and a single character of a value, can be as long as the body.
        var error = error
        error.found = error.found.shortened(to: 40)
        if case .unknownUnit(let unit) = error.reason { error.reason = .unknownUnit(unit.shortened(to: 40)) }
        self.init(.badRequest, "\(error)", param: "keep_alive")
    }

    private init(_ error: ResidencyError<CatalogModel>) {
        switch error {
        case .queueFull:
            self.init(
                .serviceUnavailable, "\(error)", type: "server_error", code: "overloaded", retryAfter: 1)
        case .emptyCatalog:
            self.init(
                .serviceUnavailable, "\(error)", type: "server_error", code: "no_models", shouldRetry: false)
        case .shuttingDown: self = .shuttingDown
        case .cancelled: self = .clientGone
        case .checkFailed(let model, let reason), .loadFailed(let model, let reason):
            self.init(reason)
            // Whatever is wrong, a load failed: that is never the client's fault.
            if status.kind == .clientError { status = .internalServerError }
            message = message.contains(model.name) ? message : "model '\(model.name)': \(message)"
            if retryAfter == nil { shouldRetry = false }
        }
    }

    private init(_ error: InferenceError, _ inputField: String) {
        switch error {
        case .unsupportedModel, .fileChanged:
            self.init(
                .internalServerError, "\(error)", type: "server_error", code: "model_unusable", shouldRetry: false)
        case .insufficientMemory:
            self.init(
                HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), "\(error)", type: "server_error",
                code: "insufficient_memory",
                shouldRetry: false)
        case .contextLengthExceeded:
            self.init(.badRequest, "\(error)", code: "context_length_exceeded", param: inputField)
        case .templateRaised, .chatTemplate, .emptyPrompt: self.init(.badRequest, "\(error)", param: inputField)
        case .noChatTemplate: self.init(.badRequest, "\(error)", code: "no_chat_template", param: "model")
        case .noFillInTokens: self.init(.badRequest, "\(error)", code: "no_fill_in_tokens", param: "suffix")
        case .unknownToken: self.init(.badRequest, "\(error)", code: "unknown_token", param: inputField)
        // All ranges have been checked by now: what depends on the model are the tokens that biases are for.
        case .invalidSampling: self.init(.badRequest, "\(error)", param: "logit_bias")
        case .stopped:
            self.init(.serviceUnavailable, "\(error)", type: "server_error", code: "turn_stopped", retryAfter: 1)
        case .engine: self.init(.internalServerError, "\(error)", type: "server_error", code: "engine_failed")
        }
    }
}
