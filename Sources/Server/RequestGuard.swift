import HTTPTypes
import Hummingbird
import OrderedJSON

/// Decides who may speak to the server: against web pages of strangers (cross-site requests, DNS rebinding) and, with a key,
/// against everybody without it.
struct RequestGuard: Sendable {
    let isLoopback: Bool
    let allowedOrigins: Set<String>
    let apiKey: String?

    init(_ configuration: ServerConfiguration) {
        isLoopback = configuration.isLoopback
        allowedOrigins = Set(configuration.allowedOrigins.map { $0.lowercased() })
        apiKey = configuration.apiKey
    }

    /// Throws what is wrong with a request.
    func check(_ request: HTTPRequest, path: String) throws(ServiceError) {
        try checkHost(request)
        try checkOrigin(request)
        // A browser asks what it may do before it sends the key; who looks after the process asks for its health.
        if path != "/health" && request.method != .options { try checkKey(request) }
    }

    /// The origin that a request comes from, if the answer may name it as allowed.
    func allowedOrigin(of request: HTTPRequest) -> String? {
        guard let origin = request.headerFields[.origin], !origin.isEmpty else { return nil }
        return allowedOrigins.contains(origin.lowercased()) || allowedOrigins.contains("*") ? origin : nil
    }

    private func checkHost(_ request: HTTPRequest) throws(ServiceError) {
        // The first has become the authority. Whoever stands between may have looked at another one (RFC 9112, 3.2).
        guard request.headerFields[values: .host].isEmpty else {
            throw ServiceError(.badRequest, "the request has more than one Host; send one", code: "invalid_host")
        }
        // Without a Host there is no browser, so no rebinding.
        guard isLoopback, let authority = request.authority, !authority.isEmpty else { return }
        guard !LoopbackName.matches(authority: authority) else { return }
        throw ServiceError(
            .forbidden,
            "this server answers requests to this machine's own names only, and the Host of this one is "
                + "'\(authority.shortened(to: 100))'; to serve other names, start it with --host and an --api-key",
            type: "permission_error", code: "host_not_allowed")
    }

    private func checkOrigin(_ request: HTTPRequest) throws(ServiceError) {
        guard let origin = request.headerFields[.origin], !origin.isEmpty, allowedOrigin(of: request) == nil else {
            return
        }
        if let authority = LoopbackName.authority(ofOrigin: origin) {
            if LoopbackName.matches(authority: authority) { return }
            if !isLoopback, authority.lowercased() == request.authority?.lowercased() { return }
        }
        throw ServiceError(
            .forbidden,
            "requests from the origin '\(origin.shortened(to: 100))' are not allowed; to allow them, start the server with "
                + "--allow-origin '\(origin.shortened(to: 100))'",
            type: "permission_error", code: "origin_not_allowed")
    }

    private func checkKey(_ request: HTTPRequest) throws(ServiceError) {
        guard let apiKey else { return }
        let bearer = request.headerFields[.authorization].flatMap { value -> Substring? in
            let parts = value.split(separator: " ", maxSplits: 1)
            return parts.count == 2 && parts[0].lowercased() == "bearer" ? parts[1] : nil
        }
        let given = bearer ?? request.headerFields[.xAPIKey].map { $0[...] } ?? ""
        guard Self.areEqual(apiKey.utf8, given.utf8) else {
            throw ServiceError(
                .unauthorized,
                given.isEmpty
                    ? "this server wants a key: send it as 'Authorization: Bearer KEY'" : "the key is not right",
                type: "authentication_error", code: "invalid_api_key")
        }
    }

    /// Takes the same time wherever the two differ, so that a key cannot be found letter by letter.
    private static func areEqual(_ left: String.UTF8View, _ right: Substring.UTF8View) -> Bool {
        var difference = left.count ^ right.count
        for (a, b) in zip(left, right) { difference |= Int(a ^ b) }
        return difference == 0
    }
}

extension HTTPField.Name {
    static let host = known("host")
    static let xAPIKey = known("x-api-key")
    static let xShouldRetry = known("x-should-retry")
    static let xConiferModel = known("x-conifer-model")
    static let xConiferFallback = known("x-conifer-fallback")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is no header field's name") }
        return name
    }
}
