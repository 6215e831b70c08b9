#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Replaces a file so that after a crash at any moment either the old or the new one is there, whole.
enum AtomicFile {
    /// The moments between the steps; tests stop there.
    enum Step: String, CaseIterable, Sendable {
        case temporaryOpened
        case halfWritten
        case allWritten
        case fileSynchronized
        case renamed
        case folderSynchronized
    }

    /// Writes `path` anew by way of `path` + `.new` in the same folder. The caller holds the lock, so the name is its own;
    /// one left by a crash is overwritten.
    static func replace(
        _ path: String, with bytes: [UInt8], checkpoint: (Step) throws(CatalogError) -> Void
    ) throws(CatalogError) {
        let temporary = path + ".new"
        try write(bytes, to: temporary, checkpoint: checkpoint)
        guard rename(temporary, path) == 0 else { throw System.failure(path, "replace it") }
        try checkpoint(.renamed)
        try synchronizeFolder(of: path)
        try checkpoint(.folderSynchronized)
    }

    private static func write(
        _ bytes: [UInt8], to path: String, checkpoint: (Step) throws(CatalogError) -> Void
    ) throws(CatalogError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw System.failure(path, "write it") }
        defer { close(descriptor) }
        try checkpoint(.temporaryOpened)
        let middle = bytes.count / 2
        try write(bytes[..<middle], to: descriptor, path)
        try checkpoint(.halfWritten)
        try write(bytes[middle...], to: descriptor, path)
        try checkpoint(.allWritten)
        guard System.synchronize(descriptor) else { throw System.failure(path, "bring it to the disk") }
        try checkpoint(.fileSynchronized)
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ path: String) throws(CatalogError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { System.writeSome(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw System.failure(path, "write it") }
            rest = rest.dropFirst(count)
        }
    }

    private static func synchronizeFolder(of path: String) throws(CatalogError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { throw System.failure(folder, "open the folder") }
        defer { close(descriptor) }
        // Some file systems cannot synchronise folders and say so; the file itself is safe by then.
        guard System.synchronize(descriptor) || errno == EINVAL || errno == ENOTSUP else {
            throw System.failure(folder, "bring the folder to the disk")
        }
    }
}
