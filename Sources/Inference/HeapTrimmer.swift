#if canImport(Glibc)
    internal import Glibc
#endif

/// Gives back to the system, when it goes, what the heap keeps of what was freed before it.
///
/// A model's tables, prompts and probabilities are small pieces from several threads; glibc keeps the pages of each
/// thread's heap, some megabytes after every load and unload. Weights, KV cache and scratch are mappings and need none of
/// this.
final class HeapTrimmer: Sendable {
    deinit {
        #if canImport(Glibc)
            _ = Self.trim?(0)
        #endif
    }

    #if canImport(Glibc)
        /// `malloc_trim`, looked up by its name since the header that declares it is in no module.
        private static let trim = dlsym(nil, "malloc_trim").map {
            unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
        }
    #endif
}
