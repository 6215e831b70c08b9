#if !canImport(Darwin)
    import Foundation
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
            try write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:  100 kB\nMemAvailable:    8388608 kB\n")
            try write("proc/self/status", "VmRSS:\t12345678 kB\nRssAnon:\t12582912 kB\n")
            try write("proc/self/cgroup", "0::/\n")
        }

        func write(_ name: String, _ text: String) throws {
            let path = folder.file(name)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try TemporaryFolder.write(Array(text.utf8), to: path)
        }

        var system: SystemMemory { SystemMemory(processes: folder.file("proc"), groups: folder.file("groups")) }

        @Test func `the machine leaves what is available, less a reserve`() {
            #expect(MemoryBudget.available(reclaiming: 0, of: system) == 8 * Self.gibibyte - Self.reserve)
        }

        @Test func `a resident model gives back what it holds, not what it may grow to`() throws {
            let back = MemoryBudget.available(reclaiming: 3 * Self.gibibyte, of: system)
            #expect(back == 11 * Self.gibibyte - Self.reserve)
            try write("proc/self/status", "RssAnon:\t  524288 kB\n")
            #expect(
                MemoryBudget.available(reclaiming: 3 * Self.gibibyte, of: system)
                    == 8 * Self.gibibyte + Self.gibibyte / 2 - Self.reserve)
        }

        @Test func `a control group leaves its limit, less what is used and no cache`() throws {
            try write("proc/self/cgroup", "0::/system.slice/conifer.service\n")
            let group = "groups/system.slice/conifer.service"
            try write("\(group)/memory.max", "4294967296\n")
            try write("\(group)/memory.current", "3221225472\n")
            try write("\(group)/memory.stat", "anon 1\ninactive_file 1073741824\nactive_file 1073741824\n")
            #expect(system.groupLeft == 3 * Self.gibibyte)
            #expect(MemoryBudget.available(reclaiming: 0, of: system) == 3 * Self.gibibyte - Self.reserve)
        }

        @Test func `the tightest group of all above counts, and max is no limit`() throws {
            try write("proc/self/cgroup", "0::/a/b\n")
            try write("groups/a/b/memory.max", "max\n")
            try write("groups/a/b/memory.current", "1\n")
            try write("groups/a/memory.max", "2147483648\n")
            try write("groups/a/memory.current", "0\n")
            #expect(system.groupLeft == 2 * Self.gibibyte)
        }

        @Test func `groups of version 1 count, too`() throws {
            try write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/abc\n0::/\n")
            try write("groups/memory/docker/abc/memory.limit_in_bytes", "2147483648\n")
            try write("groups/memory/docker/abc/memory.usage_in_bytes", "1073741824\n")
            try write("groups/memory/docker/abc/memory.stat", "inactive_file 7\ntotal_inactive_file 536870912\n")
            try write("groups/memory/memory.limit_in_bytes", "9223372036854771712\n")
            try write("groups/memory/memory.usage_in_bytes", "1073741824\n")
            #expect(system.groupLeft == 3 * Self.gibibyte / 2)
        }

        @Test func `inside a container the group that can be seen is the root`() throws {
            try write("proc/self/cgroup", "4:memory:/docker/abc\n")
            try write("groups/memory/memory.limit_in_bytes", "1073741824\n")
            try write("groups/memory/memory.usage_in_bytes", "0\n")
            #expect(system.groupLeft == Self.gibibyte)
        }

        @Test func `a group that is full leaves nothing`() throws {
            try write("groups/memory.max", "1000\n")
            try write("groups/memory.current", "2000\n")
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
