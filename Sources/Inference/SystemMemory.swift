#if !canImport(Darwin)
    internal import Glibc

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
            return number(after: name, in: text).map { $0 * 1_024 }
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
                    let statistics = text(folder + "/memory.stat") ?? ""
                    let cache = names.cache.reduce(0) { $0 + (number(after: $1 + " ", in: statistics) ?? 0) }
                    let rest = limit - min(limit, used - min(used, cache))
                    left = min(left ?? rest, rest)
                }
                guard group != "/", let slash = group.lastIndex(of: "/") else { return left }
                group = slash == group.startIndex ? "/" : group[..<slash]
            }
        }

        private func number(_ path: String) -> UInt64? {
            text(path).flatMap { number(after: "", in: $0) }
        }

        /// The number behind a word at the beginning of a line.
        private func number(after word: String, in text: String) -> UInt64? {
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: word.utf8) {
                let rest = line.dropFirst(word.utf8.count).drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                return UInt64(Substring(rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }))
            }
            return nil
        }

        /// A file of the kernel's, which says nothing of its size before it is read.
        private func text(_ path: String) -> String? {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            while true {
                let piece = [UInt8](unsafeUninitializedCapacity: 16_384) { piece, count in
                    count = max(read(descriptor, piece.baseAddress, piece.count), 0)
                }
                if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
                bytes += piece
            }
        }
    }
#endif
