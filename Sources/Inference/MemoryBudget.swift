#if canImport(Darwin)
    internal import Darwin
#endif
internal import Foundation

/// What the machine, or the control group this process runs in, leaves for a model.
public enum MemoryBudget {
    /// Kept for the rest of the machine and for this process's own needs: 256 MiB, or a sixteenth of a small machine.
    static func reserve(of total: UInt64) -> UInt64 {
        min(256 << 20, total / 16)
    }

    /// The budget in bytes as the system reports it now; nil where it reports nothing.
    public static func available() -> UInt64? {
        #if canImport(Darwin)
            // macOS compresses and drops caches on demand; three quarters of the machine is what its own guidance
            // (`recommendedMaxWorkingSetSize`) leaves for one program's working set.
            let total = ProcessInfo.processInfo.physicalMemory
            return total / 4 * 3
        #else
            guard let machine = field("MemAvailable:", of: "/proc/meminfo"),
                let total = field("MemTotal:", of: "/proc/meminfo")
            else { return nil }
            var left = machine
            if let group = controlGroup() {
                left = min(left, group)
            }
            return left - min(left, reserve(of: total))
        #endif
    }

    /// The budget in bytes once a resident model has given back its KV cache and scratch.
    ///
    /// - Parameter planned: the most that these may have grown to. Of a cache that few turns have filled, most was never
    ///   touched, so it counts as available already: no more comes back than this process holds.
    static func available(reclaiming planned: UInt64) -> UInt64? {
        #if canImport(Darwin)
            // There the budget does not depend on what is in use.
            return available()
        #else
            let held = field("RssAnon:", of: "/proc/self/status") ?? planned
            return available().map { $0 + min(planned, held) }
        #endif
    }

    #if !canImport(Darwin)
        /// A line of `/proc/meminfo`, in bytes.
        private static func field(_ name: String, of path: String) -> UInt64? {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
            for line in text.split(separator: "\n") where line.hasPrefix(name) {
                let words = line.split(whereSeparator: \.isWhitespace)
                return words.count >= 2 ? UInt64(words[1]).map { $0 * 1024 } : nil
            }
            return nil
        }

        /// What this process's control group (v2) still allows; nil where it sets no limit.
        private static func controlGroup() -> UInt64? {
            guard let own = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8),
                let path = own.split(separator: "\n").first(where: { $0.hasPrefix("0::") })?.dropFirst(3)
            else { return nil }
            // The limit may stand at any level above; inside a container the group is the root of what can be seen.
            var left: UInt64?
            var group = Substring(path)
            while true {
                let folder = "/sys/fs/cgroup" + (group == "/" ? "" : group)
                if let limit = number(folder + "/memory.max"), let used = number(folder + "/memory.current") {
                    // Page cache counts as used there but is given up on demand.
                    let cache = statistic("inactive_file", of: folder) + statistic("active_file", of: folder)
                    let rest = limit - min(limit, used - min(used, cache))
                    left = min(left ?? rest, rest)
                }
                guard group != "/", let slash = group.lastIndex(of: "/") else { return left }
                group = slash == group.startIndex ? "/" : group[..<slash]
            }
        }

        private static func number(_ path: String) -> UInt64? {
            (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { text in
                UInt64(text.filter { !$0.isWhitespace })
            }
        }

        private static func statistic(_ name: String, of folder: String) -> UInt64 {
            guard let text = try? String(contentsOfFile: folder + "/memory.stat", encoding: .utf8) else { return 0 }
            for line in text.split(separator: "\n") where line.hasPrefix(name + " ") {
                return UInt64(line.dropFirst(name.count + 1)) ?? 0
            }
            return 0
        }
    #endif
}
