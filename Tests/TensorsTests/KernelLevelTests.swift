import Testing

@testable import Tensors

@Suite struct KernelLevelTests {
    @Test func theScalarLevelRunsEverywhereAndTheBestOneHere() throws {
        #expect(try KernelLevel.named("scalar") == .scalar)
        #expect(KernelLevel.best.isSupported)
        #expect(try KernelLevel.named("") == .best)
    }

    @Test func aWordThatNamesNoLevelIsAnErrorThatListsTheLevels() {
        #expect(throws: TensorError.unknownKernelLevel("sse9")) { try KernelLevel.named("sse9") }
        #expect("\(TensorError.unknownKernelLevel("sse9"))".contains("scalar, avx2, avx512, neon"))
    }

    @Test func aLevelOfAnotherArchitectureIsAnError() {
        let foreign = KernelLevel.allCases.filter { !$0.isSupported }
        #expect(!foreign.isEmpty, "no machine runs both AVX-512 and NEON")
        for level in foreign {
            #expect(throws: TensorError.unsupportedKernelLevel(level)) { try KernelLevel.named(level.rawValue) }
        }
    }
}
