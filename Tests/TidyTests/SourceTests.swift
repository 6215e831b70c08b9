import Foundation
import Testing

/// What may stand in a source file, and how much of it.
@Suite struct SourceTests {
    private static let sources = Tree.files(in: "Sources", kinds: ["swift"])
    private static let tests = Tree.files(in: "Tests", kinds: ["swift"])

    @Test func noFileIsLongerThanSixHundredLines() {
        let files = Tree.files(kinds: ["swift", "c", "h", "py", "sh"])
        #expect(files.count > 100)
        for file in files { #expect(file.lines.count <= 600, "\(file.path) has \(file.lines.count) lines") }
    }

    @Test func nothingEndsTheProcessOnAnError() {
        // Spelled apart, so that this file does not contain them.
        let banned = ["try" + "!", "fatal" + "Error("]
        for file in Self.sources + Self.tests {
            for (index, line) in file.lines.enumerated() where !Self.isComment(line) {
                for word in banned { #expect(!line.has(word), "\(file.place(index)): \(word)") }
            }
        }
    }

    @Test func onlyTheCommandLinePrints() {
        for file in Self.sources where !file.path.hasPrefix("Sources/conifer/") {
            // A type may have a method or a case of that name, and call it.
            let hasItsOwn = file.lines.contains { $0.has("func print(") }
            for (index, line) in file.lines.enumerated() where !Self.isComment(line) && !line.has("case print(") {
                let prints =
                    ["print(", "dump(", "NSLog(", "debugPrint("].contains { line.has($0) }
                    && line.contains(/(^|[^\w.])(print|debugPrint|dump|NSLog)\(/)
                #expect(!prints || hasItsOwn, "\(file.place(index)): log it, or give it back to the caller")
            }
        }
    }

    @Test func nothingIsLeftToDo() {
        let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        for file in Self.everything {
            for (index, line) in file.lines.enumerated() {
                for marker in markers where line.has(marker) {
                    let isWord = line.split { !$0.isLetter }.contains { $0 == marker }
                    #expect(!isWord, "\(file.place(index)): \(marker): do it or leave it")
                }
            }
        }
    }

    @Test func noFileKnowsAMachine() {
        let folders = ["work", "root", "home"].map { "/" + $0 + "/" }
        for file in Self.everything {
            for (index, line) in file.lines.enumerated() {
                for folder in folders where line.has(folder) {
                    // A part of a longer path, such as a route, is none of a machine's.
                    let before = line.components(separatedBy: folder)[0].last
                    let isOwn = before.map { $0.isLetter || $0.isNumber || "}).".contains($0) } ?? false
                    #expect(isOwn, "\(file.place(index)): \(folder)")
                }
            }
        }
    }

    @Test func everyPublicDeclarationIsDocumented() {
        let declaration =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public|open)\s+(?:(?:static|final|class|mutating|nonmutating|consuming|borrowing|nonisolated|convenience|required|indirect|override|lazy|weak|unowned|isolated)(?:\(\w+\))?\s+)*(?:func|var|let|struct|class|enum|actor|protocol|init|subscript|typealias|associatedtype)\b/
        var seen = 0
        for file in Self.sources {
            for (index, line) in file.lines.enumerated()
            where (line.has("public ") || line.has("open ")) && line.contains(declaration) {
                seen += 1
                #expect(Self.isDocumented(file, index), "\(file.place(index)): say what it is")
            }
        }
        #expect(seen > 300)
    }

    /// Whether a `///` line stands above, attributes and conditions between them aside.
    private static func isDocumented(_ file: Tree.File, _ index: Int) -> Bool {
        for line in file.lines[..<index].reversed() {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("///") { return true }
            guard text.hasPrefix("@") || text.hasPrefix("#if") else { return false }
        }
        return false
    }

    private static func isComment(_ line: String) -> Bool {
        line.drop { $0 == " " }.hasPrefix("//")
    }

    /// All that people read and machines run.
    private static var everything: [Tree.File] {
        Tree.files(kinds: ["swift", "c", "h", "py", "sh", "md", "json", "yml", "yaml", "toml"])
            + [Tree.file(".ci/run"), Tree.file(".gitignore")].compactMap(\.self)
    }
}
