#if canImport(Darwin)
    internal import Foundation
#endif

/// What the machine, or the control group this process runs in, leaves for a model.
public enum MemoryBudget {
    /// Kept for the rest of the machine and for this process's own needs: 256 MiB, or a sixteenth of a small machine.
    static func reserve(of total: UInt64) -> UInt64 {
        min(256 << 20, total / 16)
    }

    /// The budget in bytes as the system reports it now; nil where it reports nothing.
    public static func available() -> UInt64? { available(reclaiming: 0) }

    #if canImport(Darwin)
        /// The budget in bytes once a resident model has given back its KV cache and scratch.
        ///
        /// macOS compresses and drops caches on demand; three quarters of the machine is what its own guidance
        /// (`recommendedMaxWorkingSetSize`) leaves for one program's working set. What is in use plays no part in it.
        static func available(reclaiming planned: UInt64) -> UInt64? {
            ProcessInfo.processInfo.physicalMemory / 4 * 3
        }
    #else
        /// The budget in bytes once a resident model has given back its KV cache and scratch.
        ///
        /// - Parameter planned: the most that these may have grown to. Of a cache that few turns have filled, most was never
        ///   touched, so it counts as available already: no more comes back than this process holds.
        static func available(reclaiming planned: UInt64, of system: SystemMemory = SystemMemory()) -> UInt64? {
            guard var left = system.available, let total = system.total else { return nil }
            if let group = system.groupLeft { left = min(left, group) }
            let back = planned == 0 ? 0 : min(planned, system.held ?? planned)
            return left - min(left, reserve(of: total)) + back
        }
    #endif
}
