#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder of its own for one test, removed with everything in it when the value goes.
public final class TemporaryFolder: Sendable {
    /// The folder's absolute path.
    public let path: String

    /// Makes a folder below `$TMPDIR` or `/tmp`.
    public init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/conifer-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemFailure(call: "mkdtemp", path: base, code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        Self.removeTree(path)
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String {
        path + "/" + name
    }

    /// Writes a file into the folder and gives its path.
    @discardableResult
    public func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Self.write(bytes, to: file(name))
        return file(name)
    }

    /// Writes a text into the folder, making the folders that `name` puts it into, and gives its path.
    @discardableResult
    public func write(_ text: String, as name: String) throws -> String {
        for (index, character) in name.enumerated() where character == "/" {
            let parent = file(String(name.prefix(index)))
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST else {
                throw SystemFailure(call: "mkdir", path: parent, code: errno)
            }
        }
        return try write(Array(text.utf8), as: name)
    }

    /// The names in the folder, sorted.
    public func names() -> [String] {
        Self.names(in: path)
    }

    /// Removes a file from the folder.
    public func remove(_ name: String) throws {
        guard unlink(file(name)) == 0 else { throw SystemFailure(call: "unlink", path: file(name), code: errno) }
    }

    /// Makes a symbolic link in the folder and gives its path.
    public func link(_ name: String, to target: String) throws -> String {
        guard symlink(target, file(name)) == 0 else {
            throw SystemFailure(call: "symlink", path: file(name), code: errno)
        }
        return file(name)
    }

    /// Writes a file anywhere.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemFailure(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var start = 0
        while start < bytes.count {
            let wrote = bytes[start...].withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            guard wrote > 0 else { throw SystemFailure(call: "write", path: path, code: errno) }
            start += wrote
        }
    }

    /// A file's bytes.
    public static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure(call: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw SystemFailure(call: "read", path: path, code: errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// The names in any folder, sorted.
    public static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func removeTree(_ path: String) {
        if unlink(path) == 0 { return }
        for name in names(in: path) { removeTree(path + "/" + name) }
        rmdir(path)
    }
}

/// A system call that failed while a test prepared its files.
public struct SystemFailure: Error, CustomStringConvertible {
    let call: String
    let path: String
    let code: Int32

    /// Which call, on what, and why.
    public var description: String {
        "\(call) \(path): \(String(cString: strerror(code)))"
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.write(descriptor, bytes, count)
    #else
        Glibc.write(descriptor, bytes, count)
    #endif
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
        Darwin.read(descriptor, bytes, count)
    #else
        Glibc.read(descriptor, bytes, count)
    #endif
}
