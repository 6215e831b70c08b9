import GGUF
import TestModels
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct FuzzTests {
    /// In a process of its own that may take 256 MiB more than it has: a crash, an endless loop or a large reservation
    /// ends it, and the test fails.
    @Test(.timeLimit(.minutes(5))) func aHundredThousandDamagedFilesNeitherCrashNorTakeMemory() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            limitMemory(extra: 256 << 20)
            var fuzzer = Fuzzer(seed: 1)
            let outcome = fuzzer.run(cases: 120_000)
            print("fuzz, 120,000 cases: \(outcome.summary)")
            // A fuzzer that only ever meets one check tests nothing.
            precondition(outcome.opened > 5_000)
            for code in [
                GGUFError.Code.notGGUF, .unsupportedVersion, .truncated, .malformedMetadata, .malformedTensor,
                .unknownTensorType,
            ] {
                precondition(outcome.refused[code, default: 0] > 100, "\(code) is never met")
            }
        }
        print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self))
    }

    /// `CONIFER_FUZZ_CASES=5000000 swift test --sanitize=address --filter manyMillionDamagedFiles`
    @Test(.enabled(if: longRun > 0, "set CONIFER_FUZZ_CASES to a number of cases to run it"))
    func manyMillionDamagedFiles() {
        let seed = UInt64(getpid())
        var fuzzer = Fuzzer(seed: seed)
        let outcome = fuzzer.run(cases: longRun)
        print("fuzz, \(longRun) cases, seed \(seed): \(outcome.summary)")
        #expect(outcome.opened > 0)
    }
}

private let longRun = getenv("CONIFER_FUZZ_CASES").flatMap { Int(String(cString: $0)) } ?? 0

/// Caps the address space; not under a sanitiser, whose shadow memory is larger than any cap.
private func limitMemory(extra: Int) {
    #if os(Linux)
        guard dlsym(nil, "__asan_init") == nil, dlsym(nil, "__tsan_init") == nil,
            let statistics = try? TemporaryFolder.read("/proc/self/statm"),
            let pages = Int(String(decoding: statistics.prefix { $0 != 32 }, as: UTF8.self))
        else { return }
        let size = UInt(pages * Int(getpagesize()) + extra)
        var limit = rlimit(rlim_cur: size, rlim_max: size)
        precondition(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
    #endif
}
