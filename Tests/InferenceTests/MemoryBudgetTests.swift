#if !canImport(Darwin)
    import TestModels
    import Testing

    @testable import Inference

    /// What is left for a model, by what Linux tells: files as its kernel writes them.
    @Suite struct MemoryBudgetTests {
        static let gibibyte: UInt64 = 1 << 30
        static let reserve: UInt64 = 256 << 20
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            try folder.write(
                "MemTotal:       16777216 kB\nMemFree:  100 kB\nMemAvailable:    8388608 kB\n", as: "proc/meminfo")
            try folder.write("VmRSS:\t12345678 kB\nRssAnon:\t12582912 kB\n", as: "proc/self/status")
            try folder.write("0::/\n", as: "proc/self/cgroup")
        }

        var system: SystemMemory { SystemMemory(processes: folder.file("proc"), groups: folder.file("groups")) }

        @Test func `the machine leaves what is available, less a reserve`() {
            #expect(MemoryBudget.available(reclaiming: 0, of: system) == 8 * Self.gibibyte - Self.reserve)
        }

        @Test func `a resident model gives back what it holds, not what it may grow to`() throws {
            let back = MemoryBudget.available(reclaiming: 3 * Self.gibibyte, of: system)
            #expect(back == 11 * Self.gibibyte - Self.reserve)
            try folder.write("RssAnon:\t  524288 kB\n", as: "proc/self/status")
            #expect(
                MemoryBudget.available(reclaiming: 3 * Self.gibibyte, of: system)
                    == 8 * Self.gibibyte + Self.gibibyte / 2 - Self.reserve)
        }

        @Test func `a control group leaves its limit, less what is used and no cache`() throws {
            try folder.write("0::/system.slice/conifer.service\n", as: "proc/self/cgroup")
            let group = "groups/system.slice/conifer.service"
            try folder.write("4294967296\n", as: "\(group)/memory.max")
            try folder.write("3221225472\n", as: "\(group)/memory.current")
            try folder.write("anon 1\ninactive_file 1073741824\nactive_file 1073741824\n", as: "\(group)/memory.stat")
            #expect(system.groupLeft == 3 * Self.gibibyte)
            #expect(MemoryBudget.available(reclaiming: 0, of: system) == 3 * Self.gibibyte - Self.reserve)
        }

        @Test func `the tightest group of all above counts, and max is no limit`() throws {
            try folder.write("0::/a/b\n", as: "proc/self/cgroup")
            try folder.write("max\n", as: "groups/a/b/memory.max")
            try folder.write("1\n", as: "groups/a/b/memory.current")
            try folder.write("2147483648\n", as: "groups/a/memory.max")
            try folder.write("0\n", as: "groups/a/memory.current")
            #expect(system.groupLeft == 2 * Self.gibibyte)
        }

        @Test func `groups of version 1 count, too`() throws {
            try folder.write("5:cpu,cpuacct:/x\n4:memory:/docker/abc\n0::/\n", as: "proc/self/cgroup")
            try folder.write("2147483648\n", as: "groups/memory/docker/abc/memory.limit_in_bytes")
            try folder.write("1073741824\n", as: "groups/memory/docker/abc/memory.usage_in_bytes")
            try folder.write(
                "inactive_file 7\ntotal_inactive_file 536870912\n", as: "groups/memory/docker/abc/memory.stat")
            try folder.write("9223372036854771712\n", as: "groups/memory/memory.limit_in_bytes")
            try folder.write("1073741824\n", as: "groups/memory/memory.usage_in_bytes")
            #expect(system.groupLeft == 3 * Self.gibibyte / 2)
        }

        @Test func `inside a container the group that can be seen is the root`() throws {
            try folder.write("4:memory:/docker/abc\n", as: "proc/self/cgroup")
            try folder.write("1073741824\n", as: "groups/memory/memory.limit_in_bytes")
            try folder.write("0\n", as: "groups/memory/memory.usage_in_bytes")
            #expect(system.groupLeft == Self.gibibyte)
        }

        @Test func `a group that is full leaves nothing`() throws {
            try folder.write("1000\n", as: "groups/memory.max")
            try folder.write("2000\n", as: "groups/memory.current")
            #expect(MemoryBudget.available(reclaiming: 0, of: system) == 0)
        }

        @Test func `a system that tells nothing sets no budget`() {
            #expect(MemoryBudget.available(reclaiming: 0, of: SystemMemory(processes: "/nowhere")) == nil)
        }

        @Test func `this machine tells something`() {
            #expect((MemoryBudget.available() ?? 0) > 0)
            #expect((SystemMemory().held ?? 0) > 1 << 20)
        }
    }
#endif
