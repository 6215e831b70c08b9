import Residency
import Synchronization

/// A loader whose loads end when the test says so.
final class ScriptedLoader: ModelLoader, Sendable {
    struct Script {
        /// Loads of these wait until they are let go on, or are cancelled.
        var held: Set<String> = []
        var waiting: [String: CheckedContinuation<Void, Never>] = [:]
        var brokenOnCheck: Set<String> = []
        var brokenOnLoad: Set<String> = []
        var log: [String] = []
    }

    let script = Mutex(Script())

    var log: [String] { script.withLock { $0.log } }

    func note(_ line: String) { script.withLock { $0.log.append(line) } }

    func check(_ model: String, replacing: String?) async throws {
        note("check \(model)" + (replacing.map { " replacing \($0)" } ?? ""))
        if script.withLock({ $0.brokenOnCheck.contains(model) }) { throw SampleError(description: "bad") }
    }

    func load(_ model: String, progress: @escaping @Sendable (Double) -> Void) async throws -> String {
        note("load \(model)")
        progress(0.5)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFree = script.withLock { script in
                    if !script.held.contains(model) || Task.isCancelled { return true }
                    script.waiting[model] = continuation
                    return false
                }
                if isFree { continuation.resume() }
            }
        } onCancel: {
            letGoOn(model)
        }
        if Task.isCancelled {
            note("gave up \(model)")
            throw CancellationError()
        }
        if script.withLock({ $0.brokenOnLoad.contains(model) }) { throw SampleError(description: "broken") }
        return "engine of \(model)"
    }

    func unload(_ loaded: String, of model: String) async { note("unload \(loaded)") }

    /// Lets a held load go on, now or when it comes.
    func letGoOn(_ model: String) {
        let waiting = script.withLock { script in
            script.held.remove(model)
            return script.waiting.removeValue(forKey: model)
        }
        waiting?.resume()
    }
}
