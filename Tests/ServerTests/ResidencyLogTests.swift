import Catalog
import Logging
import Residency
import Synchronization
import Testing

@testable import Inference
@testable import Server

/// What the log says of the slot: one line for each event, with how long it took and how many bytes it is about.
@Suite struct ResidencyLogTests {
    let lines = CapturedLog()

    func write(_ event: ResidencyEvent<CatalogModel>, isContextCut: Bool = false) {
        let logger = Logger(label: "test") { [lines] _ in
            var handler = CapturingLogHandler(log: lines)
            handler.logLevel = .info
            return handler
        }
        ResidencyLog(logger: logger) { model in
            var information = FakeEngine.information(model.name)
            information.isContextCut = isContextCut
            return information
        }.write(event)
    }

    func model(_ name: String) throws -> CatalogModel {
        CatalogModel(reference: try ServerFixture.catalog([name]).models[0])
    }

    @Test func `a load, a swap, a drain and an unload each have one line with seconds and bytes`() throws {
        let (a, b) = (try model("a"), try model("b"))
        write(.loaded(a, after: .milliseconds(1_250)))
        write(.draining(a, for: b, turns: 2))
        write(.drained(a, for: b, after: .seconds(3)))
        write(.unloaded(a, .swap(to: b), after: .milliseconds(20)))
        write(.swapped(from: a, to: b, after: .seconds(4)))
        let all = lines.lines
        #expect(all.count == 5)
        #expect(all[0] == "info loaded bytes=33 cache=20 context=128 model=a scratch=3 seconds=1.25 weights=10")
        #expect(all[1] == "info draining before a swap bytes=33 model=a next=b turns=2")
        #expect(all[2] == "info drained bytes=33 model=a next=b seconds=3.0")
        #expect(all[3].hasPrefix("info unloaded bytes=33 model=a reason=swap to b"))
        #expect(all[3].hasSuffix("seconds=0.02"))
        #expect(all[4] == "info swapped bytes=33 from=a model=b seconds=4.0")
    }

    @Test func `a swap that waits long is a warning that names the turn`() throws {
        write(
            .swapWaits(
                SwapDelay(
                    model: try model("a"), next: try model("b"), waited: .seconds(30), turns: 1,
                    oldestTurn: Ticket(number: 7), running: .seconds(95))))
        #expect(lines.lines == ["warning swap waiting 30 s for turn #7 bytes=33 model=a next=b seconds=95.0 turns=1"])
    }

    @Test func `a context that was cut is said once, with both lengths`() throws {
        write(.loaded(try model("a"), after: .seconds(1)), isContextCut: true)
        #expect(
            lines.lines.last
                == "notice the context is cut to what fits the memory budget context=128 model=a trained=256")
    }

    @Test func `what failed says why`() throws {
        write(.loadFailed(try model("a"), InferenceError.engine(reason: "no luck"), after: .seconds(1)))
        write(.checkFailed(try model("a"), InferenceError.insufficientMemory(needed: 10, budget: 5)))
        #expect(lines.lines[0].hasPrefix("error a load failed") && lines.lines[0].contains("no luck"))
        #expect(lines.lines[1].contains("(10 bytes)") && lines.lines[1].contains("(5 bytes)"))
    }
}

/// Lines that were logged.
final class CapturedLog: Sendable {
    private let all = Mutex<[String]>([])
    var lines: [String] { all.withLock { $0 } }
    func add(_ line: String) { all.withLock { $0.append(line) } }
}

/// Keeps each line as `level message key=value …`.
struct CapturingLogHandler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        log.add("\(event.level) \(event.message)" + pairs.map { " \($0.key)=\($0.value)" }.joined())
    }
}
