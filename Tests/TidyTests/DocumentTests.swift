import Foundation
import Testing

/// Documents that point at things which are there.
@Suite struct DocumentTests {
    @Test func everyRelativeLinkLeadsSomewhere() {
        var seen = 0
        for file in Tree.files(kinds: ["md"]) {
            let folder = (file.path as NSString).deletingLastPathComponent
            for (index, target) in Self.links(file) {
                seen += 1
                let path = target.hasPrefix("/") ? String(target.dropFirst()) : Self.join(folder, target)
                #expect(Tree.exists(path), "\(file.place(index)): nothing at \(target)")
            }
        }
        #expect(seen > 3)
    }

    @Test func theReadmesTestCommandIsTheOneThatTheGateRuns() throws {
        let readme = try #require(Tree.file("README.md"), "there is no README.md")
        let gate = try #require(Tree.file(".ci/run"), "there is no .ci/run")
        let form = /(?:^|[`\s])(swift test\b[^`#|;&>\n]*)/
        let named = readme.lines.compactMap { $0.firstMatch(of: form).map { Self.trimmed($0.1) } }
        let run = gate.lines.filter { !$0.hasPrefix("#") }
            .compactMap { $0.firstMatch(of: form).map { Self.trimmed($0.1).replacing(" 2", with: "") } }
        #expect(!named.isEmpty, "README.md names no test command")
        #expect(named.contains { run.contains($0) }, "README.md names \(named), .ci/run calls \(run)")
    }

    /// `*name of a test* in [Suite](path)`: what a document calls proven.
    @Test func everyTestThatADocumentNamesIsThere() throws {
        var seen = 0
        for file in Tree.files(in: "docs", kinds: ["md"]) {
            let folder = (file.path as NSString).deletingLastPathComponent
            for (index, line) in file.lines.enumerated() where line.has("* in [") {
                for match in line.matches(of: /\*([^*]+)\* in \[(\w+)\]\(([^)]+\.swift)\)/) {
                    seen += 1
                    let source = Tree.file(Self.join(folder, String(match.3)))
                    let test = "func `\(match.1)`("
                    #expect(source?.lines.contains { $0.has(test) } == true, "\(file.place(index)): no \(match.1)")
                }
            }
        }
        #expect(seen > 30)
    }

    /// The targets of a document's links that are files here, with their lines; code blocks aside.
    private static func links(_ file: Tree.File) -> [(Int, String)] {
        var found: [(Int, String)] = []
        var isCode = false
        for (index, line) in file.lines.enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("```") { isCode.toggle() }
            guard !isCode, line.has("](") else { continue }
            let prose = line.replacing(/`[^`]*`/, with: "")
            for match in prose.matches(of: /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/) {
                let target = match.1.split(separator: "#", omittingEmptySubsequences: false)[0]
                guard !target.isEmpty, !target.contains(/^[a-z][a-z0-9+.-]*:/) else { continue }
                found.append((index, String(target).removingPercentEncoding ?? String(target)))
            }
        }
        return found
    }

    private static func join(_ folder: String, _ target: String) -> String {
        folder.isEmpty ? target : "\(folder)/\(target)"
    }

    private static func trimmed(_ text: Substring) -> String {
        text.trimmingCharacters(in: .whitespaces)
    }
}
