#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// This machine's own address, in either version.
enum RawAddress: CaseIterable {
    case ipv4
    case ipv6

    /// A new socket for it.
    func socket() -> Int32 {
        #if canImport(Darwin)
            let kind = SOCK_STREAM
        #else
            let kind = Int32(SOCK_STREAM.rawValue)
        #endif
        return makeSocket(self == .ipv4 ? AF_INET : AF_INET6, kind, 0)
    }

    /// Calls with the address and a port, as the system's functions take them.
    func withAddress<Result>(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch self {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            return Self.call(&address, body)
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = in_port_t(port).bigEndian
            address.sin6_addr = in6addr_loopback
            return Self.call(&address, body)
        }
    }

    private static func call<Address, Result>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}

/// Another program that listens, and never answers.
struct RawListener {
    let port: Int
    private let socket: Int32

    init(address: RawAddress, port: Int) throws {
        let socket = address.socket()
        let status = address.withAddress(port: port) { bind(socket, $0, $1) }
        guard status == 0, listen(socket, 1) == 0 else {
            closeSocket(socket)
            throw RawClientError(text: "cannot listen: \(errno)")
        }
        var name = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard named == 0 else {
            closeSocket(socket)
            throw RawClientError(text: "cannot see the port: \(errno)")
        }
        // The port stands at the same place in both versions' addresses.
        self.port = withUnsafeBytes(of: name) { Int($0[2]) << 8 | Int($0[3]) }
        self.socket = socket
    }

    func close() { closeSocket(socket) }
}

private func makeSocket(_ family: Int32, _ kind: Int32, _ version: Int32) -> Int32 { socket(family, kind, version) }
private func closeSocket(_ socket: Int32) { close(socket) }
