import Foundation
import Testing

/// The repository's own files, as they lie beside this test.
enum Tree {
    /// One text file.
    struct File: CustomTestStringConvertible {
        /// Its path from the root.
        let path: String
        /// Its lines.
        let lines: [String]

        var testDescription: String { path }

        /// Where something was found, to click on.
        func place(_ index: Int) -> String { "\(path):\(index + 1)" }
    }

    /// Tests/TidyTests/Tree.swift → the root.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    /// Folders that hold no source of ours.
    private static let skipped: Set<String> = [
        ".build", ".git", ".swiftpm", ".venv", "__pycache__", "node_modules", "runs",
    ]

    /// Every text file of these kinds below `folder`, sorted by path.
    static func files(in folder: String = "", kinds: Set<String>) -> [File] {
        all.filter {
            (folder.isEmpty || $0.path.hasPrefix(folder + "/")) && kinds.contains(($0.path as NSString).pathExtension)
        }
    }

    private static let all: [File] = paths(in: "").filter { textKinds.contains(($0 as NSString).pathExtension) }
        .compactMap(file)

    private static let textKinds: Set<String> = [
        "c", "h", "json", "md", "py", "sh", "swift", "toml", "yaml", "yml",
    ]

    /// One file, or nil if there is none, or if it is no text.
    static func file(_ path: String) -> File? {
        guard let data = FileManager.default.contents(atPath: join(root, path)) else { return nil }
        guard let text = String(data: data, encoding: .utf8) else { return nil }
        return File(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }

    /// Whether there is something at a path from the root.
    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: join(root, path))
    }

    private static func paths(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: join(root, folder))) ?? []
        return names.sorted().flatMap { name -> [String] in
            if skipped.contains(name) || name.hasPrefix(".build") { return [] }
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: join(root, path), isDirectory: &isFolder) else { return [] }
            return isFolder.boolValue ? paths(in: path) : [path]
        }
    }

    private static func join(_ folder: String, _ path: String) -> String {
        folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}

extension String {
    /// Whether the text is in this one, byte by byte: a search of the whole tree takes a moment, not a minute.
    func has(_ text: String) -> Bool {
        strstr(self, text) != nil
    }
}
