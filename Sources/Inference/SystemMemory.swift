#if !canImport(Darwin)
    internal import Foundation

    /// What Linux says of the machine's memory, of this process's, and of its control groups'.
    struct SystemMemory {
        /// Where the kernel tells of processes and of itself.
        var processes = "/proc"
        /// Where control groups are: those of version 2, or the memory controller's of version 1.
        var groups = "/sys/fs/cgroup"

        /// All of it, in bytes.
        var total: UInt64? { field("MemTotal:", of: "meminfo") }

        /// What a new user of memory can have, in bytes: free, or page cache that is given up on demand. Mapped weights
        /// are such cache.
        var available: UInt64? { field("MemAvailable:", of: "meminfo") }

        /// What of this process is in memory and in no file, in bytes.
        var held: UInt64? { field("RssAnon:", of: "self/status") }

        private func field(_ name: String, of file: String) -> UInt64? {
            guard let text = text(processes + "/" + file) else { return nil }
            for line in text.split(separator: "\n") where line.hasPrefix(name) {
                let words = line.split(whereSeparator: \.isWhitespace)
                return words.count >= 2 ? UInt64(words[1]).map { $0 * 1_024 } : nil
            }
            return nil
        }

        /// What this process's control group still allows, in bytes; nil where none sets a limit.
        var groupLeft: UInt64? {
            guard let own = text(processes + "/self/cgroup") else { return nil }
            var left: UInt64?
            for line in own.split(separator: "\n") {
                // `NUMBER:CONTROLLERS:PATH`; version 2 has one line, without controllers.
                let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard fields.count == 3 else { continue }
                let rest: UInt64? =
                    if fields[0] == "0", fields[1].isEmpty {
                        smallest(in: groups, path: fields[2], .version2)
                    } else if fields[1].split(separator: ",").contains("memory") {
                        smallest(in: groups + "/memory", path: fields[2], .version1)
                    } else {
                        nil
                    }
                if let rest { left = min(left ?? rest, rest) }
            }
            return left
        }

        /// The names of a version's files.
        private struct Names {
            var limit: String
            var used: String
            /// Page cache counts as used in a group, but is given up on demand.
            var cache: [String]

            static let version1 = Names(
                limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes",
                cache: ["total_inactive_file", "total_active_file"])
            static let version2 = Names(
                limit: "memory.max", used: "memory.current", cache: ["inactive_file", "active_file"])
        }

        /// The least that the group or any above it allows. Inside a container the path may be one that only the machine around
        /// it can see; the group that can be seen is the root then.
        private func smallest(in root: String, path: Substring, _ names: Names) -> UInt64? {
            var left: UInt64?
            var group = path
            while true {
                let folder = root + (group == "/" ? "" : group)
                if let limit = number(folder + "/" + names.limit), let used = number(folder + "/" + names.used) {
                    let cache = names.cache.reduce(0) { $0 + statistic($1, of: folder) }
                    let rest = limit - min(limit, used - min(used, cache))
                    left = min(left ?? rest, rest)
                }
                guard group != "/", let slash = group.lastIndex(of: "/") else { return left }
                group = slash == group.startIndex ? "/" : group[..<slash]
            }
        }

        private func number(_ path: String) -> UInt64? {
            text(path).flatMap { UInt64($0.filter { !$0.isWhitespace }) }
        }

        private func statistic(_ name: String, of folder: String) -> UInt64 {
            for line in (text(folder + "/memory.stat") ?? "").split(separator: "\n") where line.hasPrefix(name + " ") {
                return UInt64(line.dropFirst(name.count + 1)) ?? 0
            }
            return 0
        }

        private func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
    }
#endif
