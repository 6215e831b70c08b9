import Foundation
import TestModels

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The built `conifer` executable at work in a process of its own, with a home of its own.
final class ConiferProcess: @unchecked Sendable {
    private let process = Process()
    private let files: TemporaryFolder

    /// Starts `conifer ARGUMENTS…`. The environment has nothing but the home and where programs and temporary files are.
    init(_ arguments: [String], home: String) throws {
        files = try TemporaryFolder()
        process.executableURL = try Self.executable
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment
        process.environment = inherited.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
            .merging(["CONIFER_HOME": home]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.handle(files.write([], as: "out"))
        process.standardError = try Self.handle(files.write([], as: "err"))
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func handle(_ path: String) throws -> FileHandle {
        guard let handle = FileHandle(forWritingAtPath: path) else { throw TestFailure("cannot write to \(path)") }
        return handle
    }

    /// `conifer` beside the test bundle.
    private static var executable: URL {
        get throws {
            let places =
                [Bundle(for: ConiferProcess.self).bundleURL, Bundle.main.bundleURL]
                + [CommandLine.arguments.first].compactMap { $0 }.map { URL(fileURLWithPath: $0) }
            for place in places {
                var folder = place
                for _ in 0..<4 {
                    let candidate = folder.appendingPathComponent("conifer")
                    var isFolder: ObjCBool = false
                    if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
                        !isFolder.boolValue
                    {
                        return candidate
                    }
                    folder.deleteLastPathComponent()
                }
            }
            throw TestFailure("there is no conifer beside \(places.map(\.path))")
        }
    }

    /// What it has printed so far.
    var output: String { text("out") }
    /// What it has logged so far.
    var log: String { text("err") }

    private func text(_ name: String) -> String {
        String(decoding: (try? TemporaryFolder.read(files.file(name))) ?? [], as: UTF8.self)
    }

    var isRunning: Bool { process.isRunning }

    /// Bytes of its memory that are in RAM; nil where the system does not say.
    var residentBytes: Int? {
        let path = "/proc/\(process.processIdentifier)/status"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1_024 }
        }
        return nil
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end; gives its exit code, or minus the signal that ended it.
    func exit() async throws -> Int32 {
        try await eventually { !self.process.isRunning }
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// Runs a command to its end.
    static func run(_ arguments: String..., home: String) async throws -> (code: Int32, output: String, errors: String)
    {
        let process = try ConiferProcess(arguments, home: home)
        let code = try await process.exit()
        return (code, process.output, process.log)
    }
}

/// Something a test needs is not there.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Waits until the condition holds; the suite's time limit ends a wait in vain.
func eventually(_ condition: @Sendable () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
