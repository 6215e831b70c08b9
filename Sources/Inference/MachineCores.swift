#if canImport(Darwin)
    internal import Darwin
#endif
internal import Foundation

/// How many cores an engine should use.
enum MachineCores {
    /// Physical cores that this process may run on: two threads of one core share its vector units, so more threads do
    /// not make a step faster.
    static func physical() -> Int {
        let allowed = max(1, ProcessInfo.processInfo.activeProcessorCount)
        #if canImport(Darwin)
            // Performance cores only: a step waits for its slowest worker.
            var count: Int32 = 0
            var size = MemoryLayout<Int32>.size
            let found = sysctlbyname("hw.perflevel0.physicalcpu", &count, &size, nil, 0) == 0
            return found && count > 0 ? min(allowed, Int(count)) : allowed
        #else
            return max(1, min(allowed, topology() ?? allowed, quota() ?? allowed))
        #endif
    }

    #if !canImport(Darwin)
        /// Distinct cores in `/proc/cpuinfo`.
        private static func topology() -> Int? {
            guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
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

        /// The control group's share of processor time, in cores, rounded up.
        private static func quota() -> Int? {
            guard let text = try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8) else { return nil }
            let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0 else {
                return nil
            }
            return Int((quota / period).rounded(.up))
        }
    #endif
}
