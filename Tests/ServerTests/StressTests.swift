import OrderedJSON
import Residency
import ServiceLifecycle
import Synchronization
import TestModels
import Testing

@testable import Server

/// Many clients at once, who name any model, set any policy, and leave at any moment.
@Suite(.timeLimit(.minutes(2))) struct StressTests {
    static let models = ["alpha", "beta", "gamma"]
    static let clients = 8
    static let turnsPerClient = 60

    @Test func `every answer comes from the model that claims to have given it, and nobody is forgotten`() async throws
    {
        let fixture = try ServerFixture(models: Self.models)
        let answered = Tally()
        try await LiveServerTests().live(fixture) { port, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<Self.clients {
                    group.addTask { try await Self.run(client: client, port: port, answered) }
                }
                try await group.waitForAll()
            }
            try await fixture.eventually { fixture.status.queuedTurns == 0 }
            try await fixture.eventually { (fixture.status.resident?.activeTurns ?? 0) == 0 }
        }
        let count = answered.value
        #expect(count > Self.clients * Self.turnsPerClient / 3)
        // Loads and unloads alternate: there was never a second model.
        var resident: String?
        for line in fixture.engine.log {
            let words = line.split(separator: " ").map(String.init)
            if words[0] == "load" {
                #expect(resident == nil, "\(line) while \(resident ?? "") is resident")
                resident = words[1]
            } else if words[0] == "unload" {
                resident = nil
            }
        }
        print("stress: \(count) answers, \(fixture.engine.log.filter { $0.hasPrefix("load") }.count) loads")
    }

    /// All turns of one client, one after the other.
    private static func run(client: Int, port: Int, _ answered: Tally) async throws {
        var random = TestRandom(seed: UInt64(client))
        for _ in 0..<turnsPerClient {
            if try await turn(port, &random) { answered.add() }
        }
    }

    /// One turn; whether it was read to its end.
    private static func turn(_ port: Int, _ random: inout TestRandom) async throws -> Bool {
        let client = try RawClient(port: port)
        defer { client.leave() }
        let name = (models + ["unknown"])[random.below(4)]
        let keepAlive = ["0", "-1", "\"1ms\"", "\"5m\"", "null"][random.below(5)]
        let isStream = random.below(2) == 0
        client.post(
            "/v1/chat/completions",
            #"{"model":"\#(name)","stream":\#(isStream),"keep_alive":\#(keepAlive),"#
                + #""messages":[{"role":"user","content":"who are you?"}]}"#)
        switch random.below(4) {
        case 0: return false
        case 1:
            try await Task.sleep(for: .microseconds(random.below(2_000)))
            return false
        default: break
        }
        let text = try await client.read(until: isStream ? "[DONE]" : "\"usage\"")
        let claimed = try #require(models.first { text.contains("\"model\":\"\($0)\"") })
        #expect(text.contains(isStream ? "\"content\":\"\(claimed)\"" : "I am \(claimed)"))
        if name != "unknown" { #expect(claimed == name) }
        #expect(text.contains("x-conifer-fallback") == (name == "unknown"))
        return true
    }
}

/// Counts from many tasks.
final class Tally: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
