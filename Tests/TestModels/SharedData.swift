#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Real vocabularies and chat templates, which are too large for the repository.
///
/// They lie in the directory that the environment variable `CONIFER_SHARED` names, else in `shared` beside the
/// repository's root. Tests that need them are skipped, with a printed reason, where there is no such directory:
///
/// ```swift
/// @Test(.enabled(if: SharedData.isPresent)) func everyVocabularyOpens() throws { … }
/// ```
public enum SharedData {
    /// The directory's path, or nil where the data is not at hand (the reason is printed once).
    public static func directory() -> String? {
        found
    }

    /// Whether the data is at hand.
    public static var isPresent: Bool {
        found != nil
    }

    /// The path of a file or folder below the directory, or nil where it does not exist.
    public static func path(_ relative: String) -> String? {
        guard let found else { return nil }
        let path = found + "/" + relative
        return access(path, R_OK) == 0 ? path : nil
    }

    /// The sorted names in a folder below the directory that end in `suffix`; empty where the data is not at hand.
    public static func files(in relative: String, suffix: String) -> [String] {
        guard let folder = path(relative), let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(suffix) { names.append(name) }
        }
        return names.sorted()
    }

    private static let found: String? = {
        var candidates: [String] = []
        if let named = getenv("CONIFER_SHARED") {
            candidates.append(String(cString: named))
        } else {
            // Tests/TestModels/SharedData.swift → the repository's root → beside it.
            let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            candidates.append(root.dropLast().joined(separator: "/") + "/shared")
        }
        for candidate in candidates where access(candidate + "/data", R_OK) == 0 {
            return candidate
        }
        print("tests with real vocabularies and templates are skipped: no folder 'data' in \(candidates)")
        return nil
    }()
}
