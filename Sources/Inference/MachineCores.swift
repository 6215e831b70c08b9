internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#endif

/// How many cores an engine should use.
struct MachineCores {
    /// Processors that this process may run on.
    var allowed = ProcessInfo.processInfo.activeProcessorCount
    #if !canImport(Darwin)
        /// Where the kernel tells of processors and processes.
        var processes = "/proc"
        /// Where control groups are.
        var groups = "/sys/fs/cgroup"
    #endif

    /// Physical cores that this process may run on: two threads of one core share its vector units, so more threads do
    /// not make a step faster.
    var physical: Int {
        #if canImport(Darwin)
            // Performance cores only: a step waits for its slowest worker.
            var count: Int32 = 0
            var size = MemoryLayout<Int32>.size
            let found = sysctlbyname("hw.perflevel0.physicalcpu", &count, &size, nil, 0) == 0
            return max(1, found && count > 0 ? min(allowed, Int(count)) : allowed)
        #else
            return max(1, min(allowed, topology ?? allowed, quota ?? allowed))
        #endif
    }

    #if !canImport(Darwin)
        /// Distinct cores in `/proc/cpuinfo`; nil where it does not name them, as on ARM.
        private var topology: Int? {
            guard let text = KernelFile.text(processes + "/cpuinfo") else { return nil }
            var cores: Set<String> = []
            var package = ""
            for line in text.split(separator: "\n") {
                if line.hasPrefix("physical id") {
                    package = String(line)
                } else if line.hasPrefix("core id") {
                    cores.insert(package + line)
                }
            }
            return cores.isEmpty ? nil : cores.count
        }

        /// The least share of processor time of the control groups that hold this process, in cores, rounded up; nil where
        /// none sets one.
        private var quota: Int? {
            ControlGroups(processes: processes, root: groups).folders(of: "cpu").compactMap { group in
                let words =
                    switch group.version {
                    case .version2: words(group.path + "/cpu.max")
                    case .version1:
                        words(group.path + "/cpu.cfs_quota_us") + words(group.path + "/cpu.cfs_period_us")
                    }
                guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), quota > 0,
                    period > 0
                else { return nil }
                return Int(exactly: (quota / period).rounded(.up))
            }.min()
        }

        private func words(_ path: String) -> [Substring] {
            KernelFile.text(path)?.split(whereSeparator: \.isWhitespace) ?? []
        }
    #endif
}
