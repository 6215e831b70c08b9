#if !canImport(Darwin)
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
            guard let text = KernelFile.text(processes + "/" + file) else { return nil }
            return number(after: name, in: text).map { $0 * 1_024 }
        }

        /// What this process's control group still allows, in bytes; nil where none sets a limit.
        var groupLeft: UInt64? {
            ControlGroups(processes: processes, root: groups).folders(of: "memory")
                .compactMap { left(in: $0.path, Names($0.version)) }.min()
        }

        /// The names of a version's files.
        private struct Names {
            var limit: String
            var used: String
            /// Page cache counts as used in a group, but is given up on demand.
            var cache: [String]

            init(_ version: ControlGroups.Version) {
                switch version {
                case .version1:
                    limit = "memory.limit_in_bytes"
                    used = "memory.usage_in_bytes"
                    cache = ["total_inactive_file", "total_active_file"]
                case .version2:
                    limit = "memory.max"
                    used = "memory.current"
                    cache = ["inactive_file", "active_file"]
                }
            }
        }

        /// What a group allows by itself; nil if it sets no limit.
        private func left(in folder: String, _ names: Names) -> UInt64? {
            guard let limit = number(folder + "/" + names.limit), let used = number(folder + "/" + names.used) else {
                return nil
            }
            let statistics = KernelFile.text(folder + "/memory.stat") ?? ""
            let cache = names.cache.reduce(0) { $0 + (number(after: $1 + " ", in: statistics) ?? 0) }
            return limit - min(limit, used - min(used, cache))
        }

        private func number(_ path: String) -> UInt64? {
            KernelFile.text(path).flatMap { number(after: "", in: $0) }
        }

        /// The number behind a word at the beginning of a line.
        private func number(after word: String, in text: String) -> UInt64? {
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: word.utf8) {
                let rest = line.dropFirst(word.utf8.count).drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                return UInt64(Substring(rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }))
            }
            return nil
        }
    }
#endif
