#if !canImport(Darwin)
    /// The control groups that hold this process, as Linux tells.
    struct ControlGroups {
        /// Version 2 has one tree for all controllers, version 1 one for each.
        enum Version {
            case version1, version2
        }

        /// Where the kernel tells of processes.
        var processes = "/proc"
        /// Where groups are: those of version 2, or a controller's of version 1 below its name.
        var root = "/sys/fs/cgroup"

        /// The folders of the group that has a controller, and of those above it up to the root. Inside a container the path
        /// may be one that only the machine around it can see; the group that can be seen is the root then.
        func folders(of controller: String) -> [(version: Version, path: String)] {
            guard let own = KernelFile.text(processes + "/self/cgroup") else { return [] }
            return own.split(separator: "\n").flatMap { line -> [(version: Version, path: String)] in
                // `NUMBER:CONTROLLERS:PATH`; version 2 has one line, without controllers.
                let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard fields.count == 3 else { return [] }
                if fields[0] == "0", fields[1].isEmpty {
                    return Self.upwards(from: fields[2]).map { (.version2, root + $0) }
                }
                guard fields[1].split(separator: ",").contains(Substring(controller)) else { return [] }
                return Self.upwards(from: fields[2]).map { (.version1, root + "/" + controller + $0) }
            }
        }

        /// A path, and those above it; the last one is empty.
        private static func upwards(from path: Substring) -> [Substring] {
            var (paths, rest) = ([Substring](), path == "/" ? "" : path)
            while let slash = rest.lastIndex(of: "/") {
                paths.append(rest)
                rest = rest[..<slash]
            }
            return paths + [""]
        }
    }
#endif
