import TestModels
import Testing

@testable import Catalog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What happens to `registry.json` when it is damaged, when conifer crashes, and when two commands write at once.
@Suite struct RegistryFileTests {
    private static let good = #"""
        {"version": 1, "models": [{"name": "a", "path": "/a.gguf", "architecture": "llama", "parameters": 1,
        "quantization": "F32", "bytes": 2, "digest": "00", "added": "2026-11-27T10:15:00Z"}]}
        """#

    private func test(with text: String) throws -> TestRegistry {
        let test = try TestRegistry()
        try System.makeFolder(test.registry.home)
        try TemporaryFolder.write(Array(text.utf8), to: test.registry.path)
        return test
    }

    @Test func aFileOfTheFirstVersionIsRead() throws {
        let test = try test(with: Self.good)
        let entry = try #require(try test.registry.contents().entries.first)
        #expect(entry.name == "a")
        #expect(entry.contextLength == nil)
        #expect(entry.aliases.isEmpty)
    }

    @Test(arguments: [
        ("", "byte 0"), ("{", "byte 1"), ("[]", "not an object"), ("\u{0}\u{0}\u{0}", "byte 0"),
        ("{\"version\": 1}", "'models' is not an array"), ("{\"models\": []}", "'version' is not a version number"),
        ("{\"version\": 0, \"models\": []}", "'version'"),
        ("{\"version\": 1, \"models\": [7]}", "models[0]: is an integer"),
        (String(good.dropLast(3)), "byte "),
        (good.replacing("\"/a.gguf\"", with: "\"a.gguf\""), "not an absolute path"),
        (good.replacing("\"bytes\": 2", with: "\"bytes\": -2"), "member 'bytes' is not a count"),
        (good.replacing("\"llama\"", with: "7"), "member 'architecture' is not a string"),
        (good.replacing("2026-11-27", with: "2026-02-30"), "member 'added' is not a time"),
        (good.replacing("\"name\": \"a\"", with: "\"name\": \"../a\""), "'../a' cannot be a model's name"),
        (good.replacing("\"digest\"", with: "\"aliases\": [\"A\"], \"digest\""), "models[0]"),
        (good.replacing("\"digest\"", with: "\"aliases\": [7], \"digest\""), "not an array of strings"),
    ])
    func aDamagedRegistryIsReportedAndLeftAsItIs(_ text: String, _ problem: String) throws {
        let test = try test(with: text)
        let calls: [(TestRegistry) throws -> Void] = [
            { _ = try $0.registry.contents() }, { try $0.add("new") }, { try $0.registry.remove("a") },
            { try $0.registry.alias("b", target: "a") },
        ]
        for call in calls {
            let error = #expect(throws: CatalogError.self) { try call(test) }
            let message = "\(try #require(error))"
            #expect(message.hasPrefix(test.registry.path + ": "))
            #expect(message.contains(problem))
            #expect(message.contains("left as it is") || message.contains("left as it was"))
        }
        #expect(try TemporaryFolder.read(test.registry.path) == Array(text.utf8))
        #expect(TemporaryFolder.names(in: test.registry.home) == ["registry.json", "registry.lock"])
    }

    @Test func aNewerVersionIsRefusedAndLeftAsItIs() throws {
        let text = #"{"version": 2, "things": []}"#
        let test = try test(with: text)
        #expect(
            test.refusal { test throws(CatalogError) in try test.add("x") }
                == .newerRegistry(path: test.registry.path, version: 2, readable: 1))
        #expect(try TemporaryFolder.read(test.registry.path) == Array(text.utf8))
    }

    @Test func anUnreadableRegistryIsReported() throws {
        let test = try TestRegistry()
        try System.makeFolder(test.registry.path)
        guard
            case .system(let path, "read it", _) = test.refusal({ test throws(CatalogError) in
                _ = try test.registry.contents()
            })
        else {
            Issue.record("a folder in the registry's place is read")
            return
        }
        #expect(path == test.registry.path)
    }

    @Test func aHomeThatCannotBeMadeIsReported() throws {
        let test = try TestRegistry()
        let registry = Registry(home: test.model + "/home")
        let error = #expect(throws: CatalogError.self) {
            try registry.add(file: test.model, runnable: runnable, now: noon)
        }
        guard case .system = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// A process that dies between any two steps of a write leaves the old or the new registry, whole, and the next command
    /// goes on from there.
    @Test(arguments: AtomicFile.Step.allCases)
    func aCrashAtAnyMomentLosesNothing(_ step: AtomicFile.Step) async throws {
        let test = try TestRegistry()
        try test.add("first")
        let (home, model, name) = (test.registry.home, test.model, step.rawValue)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [home = home as String, model = model as String, name = name as String] in
            try addAndDie(home: home, model: model, at: name)
        }
        let isThere = step == .renamed || step == .folderSynchronized
        #expect(try test.names() == (isThere ? ["first", "second"] : ["first"]))
        try test.add("third")
        #expect(try test.names() == (isThere ? ["first", "second", "third"] : ["first", "third"]))
        #expect(TemporaryFolder.names(in: home) == ["registry.json", "registry.lock"])
    }

    @Test func anErrorInTheMiddleOfAWriteLosesNothing() throws {
        let test = try TestRegistry()
        try test.add("first")
        let failing = Registry(home: test.registry.home) { (step: AtomicFile.Step) throws(CatalogError) in
            if step == .halfWritten { throw .system(path: "x", action: "write it", reason: "No space left on device") }
        }
        #expect(throws: CatalogError.self) { try failing.remove("first") }
        #expect(try test.names() == ["first"])
        try test.add("second")
        #expect(try test.names() == ["first", "second"])
    }

    @Test func thirtyTwoThreadsThatAddAtOnceLoseNothing() async throws {
        let test = try TestRegistry()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<32 {
                group.addTask { try test.add("m\(number)") }
            }
            try await group.waitForAll()
        }
        #expect(try Set(test.names()) == Set((0..<32).map { "m\($0)" }))
    }

    @Test func fourProcessesThatAddAtOnceLoseNothing() async throws {
        let test = try TestRegistry()
        let (home, model) = (test.registry.home, test.model)
        await withTaskGroup(of: Void.self) { group in
            for process in 0..<4 {
                group.addTask {
                    await #expect(processExitsWith: .success) {
                        [home = home as String, model = model as String, process = process as Int] in
                        try addEight(home: home, model: model, prefix: "m\(process)")
                    }
                }
            }
        }
        #expect(try test.names().count == 32)
    }

    @Test func readersNeverSeeHalfAFile() async throws {
        let test = try TestRegistry()
        try test.add("base")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<40 { try test.add("m\(number)") }
            }
            group.addTask {
                var count = 0
                while count < 41 {
                    let now = try test.registry.contents().entries.count
                    #expect(now >= count, "an entry has gone")
                    count = now
                    await Task.yield()
                }
            }
            try await group.waitForAll()
        }
    }
}

/// What a process does that dies between two steps of a write.
private func addAndDie(home: String, model: String, at name: String) throws {
    let registry = Registry(home: home) { (step: AtomicFile.Step) throws(CatalogError) in
        if step.rawValue == name { kill(getpid(), SIGKILL) }
    }
    try registry.add(file: model, name: "second", runnable: runnable, now: noon)
}

/// What each of several processes does at once.
private func addEight(home: String, model: String, prefix: String) throws {
    let registry = Registry(home: home)
    for number in 0..<8 {
        try registry.add(file: model, name: "\(prefix)-\(number)", runnable: runnable, now: noon)
    }
}
