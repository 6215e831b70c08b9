internal import Foundation
internal import OrderedCollections
internal import OrderedJSON

/// The notes that the servers of this machine leave in a folder, one a server: `PORT.json`, with its address and process.
///
/// A server holds its note locked for as long as it lives, and the lock ends with the process, however that ends. So a note
/// that is not locked is one that nobody took away, whatever program has its process id by now.
struct ServerNotes {
    let folder: String

    /// Leaves a note that a server of this process listens there.
    func leave(url: String, port: Int) throws -> ServerNote {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let process = ProcessInfo.processInfo.processIdentifier
        let document = JSON.object([
            "url": .string(url), "pid": .integer(Int64(process)), "started": .string(Date().formatted(Self.time)),
        ])
        // It is whole and locked before anybody can find it.
        let unfinished = "\(folder)/\(port).json.\(process)"
        let descriptor = open(unfinished, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("written") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Self.failure("locked") }
        try file.write(contentsOf: Data(document.serialized().utf8))
        let path = "\(folder)/\(port).json"
        guard rename(unfinished, path) == 0 else { throw Self.failure("written") }
        return ServerNote(path: path, file: file)
    }

    /// The addresses of the servers that live, the youngest first. Notes of others are removed.
    func addresses() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let notes = names.filter { $0.hasSuffix(".json") }.compactMap { living("\(folder)/\($0)") }
        // Times of one form sort as texts.
        return notes.sorted { $0.started > $1.started }.map(\.url)
    }

    private func living(_ path: String) -> (url: String, started: String)? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else {
            if ServerNote.isFile(descriptor, at: path) { unlink(path) }
            return nil
        }
        guard let bytes = try? file.readToEnd(), let note = try? JSON(parsing: bytes),
            let url = note["url"]?.stringValue
        else { return nil }
        return (url, note["started"]?.stringValue ?? "")
    }

    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private static func failure(_ what: String) -> CommandError {
        CommandError("the note of its address cannot be \(what): \(String(cString: strerror(errno)))")
    }
}

/// The note of a server of this process, locked for as long as this lives.
final class ServerNote: Sendable {
    private let path: String
    private let file: FileHandle

    fileprivate init(path: String, file: FileHandle) {
        self.path = path
        self.file = file
    }

    /// Takes the note away, unless another server has left one in its place.
    func remove() {
        if Self.isFile(file.fileDescriptor, at: path) { unlink(path) }
    }

    /// Whether the file that is open is still the one at that path.
    fileprivate static func isFile(_ descriptor: Int32, at path: String) -> Bool {
        var (opened, found) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &found) == 0
            && opened.st_dev == found.st_dev && opened.st_ino == found.st_ino
    }
}
