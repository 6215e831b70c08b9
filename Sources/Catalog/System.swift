#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The system calls of the registry, with errors that name the path.
enum System {
    /// A whole file, or nil if there is none.
    static func read(_ path: String, limit: Int) throws(CatalogError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path, "open it")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { readSome(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "read it") }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= limit else {
                throw .corruptRegistry(path: path, byte: limit, problem: "the file has more than \(limit) bytes")
            }
        }
    }

    /// Makes a folder and those above it, for its owner alone.
    static func makeFolder(_ path: String) throws(CatalogError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST || errno == EISDIR { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw failure(path, "make the folder")
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path, "make the folder") }
    }

    /// The absolute path of a file that exists. Links in its folder are resolved, the file's own name is kept: caches of
    /// models link well-named files to nameless ones, and the parts of a split model are found by name.
    static func absolute(_ path: String) -> String? {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard !name.isEmpty, name != ".", name != "..", let resolved = realpath(folder, nil) else { return nil }
        defer { free(resolved) }
        let absolute = String(cString: resolved)
        return absolute == "/" ? "/\(name)" : "\(absolute)/\(name)"
    }

    static func failure(_ path: String, _ action: String) -> CatalogError {
        .system(path: path, action: action, reason: String(cString: strerror(errno)))
    }

    static func readSome(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.read(descriptor, bytes, count)
        #else
            Glibc.read(descriptor, bytes, count)
        #endif
    }

    static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes, count)
        #else
            Glibc.write(descriptor, bytes, count)
        #endif
    }

    /// Brings a file's or folder's data to the disk itself.
    static func synchronize(_ descriptor: Int32) -> Bool {
        #if canImport(Darwin)
            // `fsync` on macOS stops at the disk's cache.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return true }
        #endif
        return fsync(descriptor) == 0
    }
}
