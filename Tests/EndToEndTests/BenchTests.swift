import OrderedJSON
import Testing

/// `conifer bench`: one model for all repetitions, whose KV cache has room for the turns of one.
@Suite(.timeLimit(.minutes(5))) struct BenchTests {
    @Test(arguments: [1, 3])
    func `every repetition runs in the place of the one before, and all is measured`(parallel: Int) async throws {
        let home = try await Home.with("a")
        let bench = try await ConiferProcess.run(
            "bench", "a", "--prompt-tokens", "70", "--decode-tokens", "5", "--repetitions", "3", "--parallel",
            "\(parallel)", "--json", home: home.path)
        #expect(bench.code == 0, "\(bench.errors)")
        let report = try JSON(parsing: bench.output)
        #expect(report["repetitions"] == 3 && report["parallel"] == .integer(Int64(parallel)))
        for name in [
            "load_seconds", "ttft_seconds", "prefill_tokens_per_second", "decode_tokens_per_second",
            "read_gigabytes_per_second", "decode_bandwidth_share",
        ] {
            let values = ["min", "median", "max"].compactMap { report[name]?[$0]?.doubleValue }
            #expect(values.count == 3 && values == values.sorted(), "\(name): \(values)")
            #expect(values.allSatisfy { $0 > 0 }, "\(name): \(values)")
        }
    }

    @Test func `what no model could do is refused`() async throws {
        let home = try await Home.with("a")
        let most = "\(Int.max)"
        for (option, value, reason) in [
            ("--prompt-tokens", most, "at most"), ("--decode-tokens", most, "at most"),
            ("--prompt-tokens", "0", "must be positive"), ("--prompt-tokens", "200000", "maximum context length"),
        ] {
            let bench = try await ConiferProcess.run("bench", "a", option, value, home: home.path)
            #expect(bench.code > 0, "\(option) \(value)")
            #expect(bench.errors.contains(reason), "\(option) \(value): \(bench.errors)")
            #expect(bench.output.isEmpty)
        }
    }
}
