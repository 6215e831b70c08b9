import Testing

/// Who may import what. SwiftPM does not see imports of C modules, nor those that another target happens to make possible.
@Suite struct ImportTests {
    private static let manifest = Manifest(Tree.file("Package.swift")?.lines.joined(separator: "\n") ?? "")

    /// Modules of the toolchain and the system.
    private static let system: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Swift", "Synchronization",
    ]

    /// The C targets and the only ones above them; their own tests and those of their importers aside.
    private static let importers = [
        "CKernels": "Tensors", "CDemonstrationModels": "Catalog", "CMappedFiles": "GGUF",
    ]

    @Test func theManifestIsUnderstood() {
        let names = Self.manifest.targets.map(\.name)
        #expect(names.count >= 20)
        for name in ["GGUF", "Tensors", "Server", "conifer", "TestModels", "TidyTests"] {
            #expect(names.contains(name))
        }
        #expect(Self.manifest.targets.first { $0.name == "Tensors" }?.dependencies == ["CKernels"])
        #expect(Self.manifest.targets.first { $0.name == "TestModels" }?.isTest == true)
        for target in Self.manifest.targets { #expect(Tree.exists(target.folder), "\(target.name)") }
    }

    @Test func aTargetDependsOnlyOnTargetsAboveItInTheManifest() {
        var above: Set<String> = []
        let all = Set(Self.manifest.targets.map(\.name))
        for target in Self.manifest.targets {
            for dependency in target.dependencies where all.contains(dependency) {
                #expect(above.contains(dependency), "\(target.name) depends on \(dependency), which stands below it")
            }
            above.insert(target.name)
        }
    }

    @Test func aTargetImportsOnlyWhatItDeclares() {
        var seen = 0
        for target in Self.manifest.targets {
            var allowed = Self.system.union(target.dependencies).union([target.name])
            if target.isTest { allowed.formUnion(["Testing", "XCTest"]) }
            for file in Tree.files(in: target.folder, kinds: ["swift"]) {
                for (index, line) in file.lines.enumerated() {
                    guard let module = Self.imported(line) else { continue }
                    seen += 1
                    #expect(allowed.contains(module), "\(file.place(index)): \(target.name) does not declare \(module)")
                }
            }
        }
        #expect(seen > 100)
    }

    @Test func aCModuleHasOneImporter() {
        for target in Self.manifest.targets where !target.isTest {
            for (module, importer) in Self.importers where target.name != importer {
                #expect(!target.dependencies.contains(module), "\(target.name) may not depend on \(module)")
                for file in Tree.files(in: target.folder, kinds: ["swift"]) {
                    let line = file.lines.firstIndex { Self.imported($0) == module }
                    #expect(line == nil, "\(file.path) imports \(module); only \(importer) may")
                }
            }
        }
    }

    @Test func noSourceImportsATestModule() {
        for file in Tree.files(in: "Sources", kinds: ["swift"]) {
            for (index, line) in file.lines.enumerated() {
                guard let module = Self.imported(line) else { continue }
                #expect(!["Testing", "XCTest", "TestModels"].contains(module), "\(file.place(index))")
            }
        }
    }

    @Test(arguments: [
        ("import GGUF", "GGUF"), ("public import struct GGUF.TensorType", "GGUF"),
        ("@testable import Catalog", "Catalog"),
        ("    import Darwin", "Darwin"), ("@preconcurrency internal import NIOCore", "NIOCore"),
        ("// import GGUF", nil), ("let important = 1", nil),
        ("import OrderedCollections._Private", "OrderedCollections"),
    ])
    func anImportIsFound(_ line: String, _ module: String?) {
        #expect(Self.imported(line) == module)
    }

    /// The module that a line imports.
    private static func imported(_ line: String) -> String? {
        guard line.has("import ") else { return nil }
        let form =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
        return line.firstMatch(of: form).map { String($0.1) }
    }
}
