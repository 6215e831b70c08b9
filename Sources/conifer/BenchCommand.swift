internal import ArgumentParser
internal import Catalog
internal import Foundation
internal import Inference
internal import OrderedCollections
internal import OrderedJSON
internal import Tokenization

/// `conifer bench`: how fast a model runs in this process.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure a model's speed: load, time to first token, prefill and decode.",
        discussion: """
            Prompts are random tokens, different in each repetition, so nothing comes from the KV cache. Its memory, and \
            that of a step, is there already: one repetition more goes ahead.

            Decoding reads all weights, and the keys and values of every token so far, for each next token. Beside the \
            speed stands what share of the machine's read bandwidth that is; the bandwidth is measured around each \
            repetition, on the same weights with the same number of threads.

            Examples:
              conifer bench qwen3-0.6b-q4_k_m
              conifer bench model.gguf --prompt-tokens 4096 --decode-tokens 32 --json
            """)

    @Argument(help: "A model's name, or a GGUF file.")
    var model: String

    @Option(help: "Tokens of the prompt.")
    var promptTokens = 512

    @Option(help: "Tokens to generate.")
    var decodeTokens = 128

    @Option(help: "Measured repetitions; one more goes ahead to warm up.")
    var repetitions = 5

    @Option(help: "Threads of the engine. (default: physical cores)")
    var threads: Int?

    @Option(help: "Turns at once.")
    var parallel = 1

    @Flag(help: "Print one JSON document.")
    var json = false

    /// More than any model's context.
    private static let mostTokens = 1 << 24

    func validate() throws {
        guard promptTokens > 0, decodeTokens > 1, repetitions > 0, parallel > 0, threads ?? 1 > 0 else {
            throw ValidationError("all counts must be positive, and --decode-tokens at least 2")
        }
        guard max(promptTokens, decodeTokens) <= Self.mostTokens else {
            throw ValidationError("--prompt-tokens and --decode-tokens can be \(Self.mostTokens) at most")
        }
    }

    func run() async throws {
        let reference = try Composition.model(model)
        // No room for conversations that have ended: each takes the place of the one before.
        let options = LoadOptions(
            contextLength: promptTokens + decodeTokens, threads: threads, parallelTurns: parallel)
        let roof = try await offPool {
            DecodeRoof(try LoadPlan(reference.open(), name: reference.name, options: options))
        }
        let bytesPerStep = roof.bytesPerStep(depth: Double(promptTokens) + Double(decodeTokens) / 2, turns: parallel)
        let model = try await LocalModel.load(reference, options: options)
        var measurements: [Measurement] = []
        var bandwidths: [Double] = []
        for repetition in 0...repetitions {
            Terminal.progress(repetition == 0 ? "warming up" : "repetition \(repetition) of \(repetitions)")
            let before = try await offPool { roof.readBandwidth() }
            let measurement = try await measure(model, seed: UInt64(repetition))
            let after = try await offPool { roof.readBandwidth() }
            if repetition > 0 {
                measurements.append(measurement)
                bandwidths.append((before + after) / 2)
            }
        }
        await model.unload()
        let loads = try await loads(of: reference, options: options)
        Terminal.endProgress()
        report(
            name: reference.name,
            rows: [
                ("load_seconds", Statistics(loads)),
                ("ttft_seconds", Statistics(measurements.map(\.timeToFirstToken))),
                ("prefill_tokens_per_second", Statistics(measurements.map(\.prefillSpeed))),
                ("decode_tokens_per_second", Statistics(measurements.map(\.decodeSpeed))),
                ("read_gigabytes_per_second", Statistics(bandwidths.map { $0 / 1e9 })),
                (
                    "decode_bandwidth_share",
                    Statistics(
                        zip(measurements, bandwidths).map { $0.decodeSpeed / Double(parallel) * bytesPerStep / $1 })
                ),
            ])
    }

    /// Seconds that loads take, one a repetition, with the file in the page cache.
    private func loads(of reference: ModelReference, options: LoadOptions) async throws -> [Double] {
        var loads: [Double] = []
        for repetition in 1...repetitions {
            Terminal.progress("load \(repetition) of \(repetitions)")
            let start = ContinuousClock.now
            let model = try await LocalModel.load(reference, options: options)
            loads.append((ContinuousClock.now - start) / .seconds(1))
            await model.unload()
        }
        return loads
    }

    /// One repetition: of all turns together, in seconds and tokens a second.
    private struct Measurement {
        var timeToFirstToken: Double
        var prefillSpeed: Double
        var decodeSpeed: Double
    }

    private func measure(_ model: LanguageModel, seed: UInt64) async throws -> Measurement {
        let options = GenerationOptions(maximumTokens: decodeTokens, ignoresEndOfGeneration: true)
        let start = ContinuousClock.now
        let results = try await withThrowingTaskGroup(of: GenerationResult?.self) { group in
            for turn in 0..<parallel {
                let prompt = Prompt(tokens: tokens(model, seed: seed &* 1000 &+ UInt64(turn)))
                group.addTask {
                    for try await event in try model.generate(prompt, options: options) {
                        if case .finished(let result) = event {
                            return result
                        }
                    }
                    return nil
                }
            }
            var results: [GenerationResult] = []
            for try await result in group.compactMap({ $0 }) {
                results.append(result)
            }
            return results
        }
        let total = (ContinuousClock.now - start) / .seconds(1)
        let prefill = results.map { ($0.queueDuration + $0.prefillDuration) / .seconds(1) }.max() ?? total
        let decode = results.reduce(0) { $0 + $1.completionTokens - 1 }
        return Measurement(
            timeToFirstToken: prefill, prefillSpeed: Double(promptTokens * parallel) / prefill,
            decodeSpeed: Double(decode) / (total - prefill))
    }

    /// Tokens that no other repetition and no other turn begins with.
    private func tokens(_ model: LanguageModel, seed: UInt64) -> [Token] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        return (0..<promptTokens).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Token(state >> 33) % Token(model.information.vocabularySize)
        }
    }

    private func report(name: String, rows: [(String, Statistics)]) {
        if json {
            var object: [(String, JSON)] = [("model", .string(name))]
            object += [
                ("prompt_tokens", .integer(Int64(promptTokens))), ("decode_tokens", .integer(Int64(decodeTokens))),
                ("repetitions", .integer(Int64(repetitions))), ("parallel", .integer(Int64(parallel))),
            ]
            object += rows.map { ($0.0, $0.1.json) }
            Terminal.line(JSON.object(.init(uniqueKeysWithValues: object)).serialized(.pretty))
            return
        }
        let words = [
            "load_seconds": "load (s)", "ttft_seconds": "time to first token (s)",
            "prefill_tokens_per_second": "prefill (tokens/s)", "decode_tokens_per_second": "decode (tokens/s)",
            "read_gigabytes_per_second": "memory read (GB/s)", "decode_bandwidth_share": "decode's share of it",
        ]
        var table = Table([("", .left), ("MEDIAN", .right), ("MIN", .right), ("MAX", .right)])
        for (key, statistics) in rows {
            let cells = [statistics.median, statistics.minimum, statistics.maximum].map {
                String(format: $0 < 10 ? "%.3f" : "%.1f", $0)
            }
            table.append([words[key] ?? key] + cells)
        }
        Terminal.line("\(name): \(promptTokens) prompt tokens, \(decodeTokens) decoded, \(parallel) at once")
        Terminal.write(table.text)
    }
}
