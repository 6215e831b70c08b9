#if !canImport(Darwin)
    import TestModels
    import Testing

    @testable import Inference

    /// How many threads an engine gets, by what Linux tells: files as its kernel writes them.
    @Suite struct MachineCoresTests {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            try folder.write("0::/user.slice/shell.scope\n", as: "proc/self/cgroup")
        }

        func writeProcessors(packages: Int, cores: Int, threads: Int) throws {
            var text = ""
            for package in 0..<packages {
                for thread in 0..<threads * cores {
                    text += "processor\t: \(package * cores * threads + thread)\nmodel name\t: A processor\n"
                    text += "physical id\t: \(package)\ncore id\t\t: \(thread % cores)\ncpu cores\t: \(cores)\n\n"
                }
            }
            try folder.write(text, as: "proc/cpuinfo")
        }

        func physical(allowed: Int) -> Int {
            MachineCores(allowed: allowed, processes: folder.file("proc"), groups: folder.file("groups")).physical
        }

        @Test func `threads of one core count once`() throws {
            try writeProcessors(packages: 2, cores: 24, threads: 2)
            #expect(physical(allowed: 96) == 48)
            #expect(physical(allowed: 5) == 5)
        }

        @Test func `a machine that does not name its cores has as many as processors`() throws {
            #expect(physical(allowed: 12) == 12)
            try folder.write("processor\t: 0\nBogoMIPS\t: 50.00\n", as: "proc/cpuinfo")
            #expect(physical(allowed: 12) == 12)
        }

        @Test func `the tightest quota of all control groups counts, rounded up`() throws {
            try writeProcessors(packages: 1, cores: 16, threads: 1)
            try folder.write("max 100000\n", as: "groups/user.slice/shell.scope/cpu.max")
            #expect(physical(allowed: 16) == 16)
            try folder.write("250000 100000\n", as: "groups/user.slice/cpu.max")
            #expect(physical(allowed: 16) == 3)
            try folder.write("1000 100000\n", as: "groups/cpu.max")
            #expect(physical(allowed: 16) == 1)
        }

        @Test func `a quota of version 1 counts, and minus one is none`() throws {
            try writeProcessors(packages: 1, cores: 8, threads: 1)
            try folder.write("4:cpu,cpuacct:/a\n2:memory:/a\n", as: "proc/self/cgroup")
            try folder.write("-1\n", as: "groups/cpu/a/cpu.cfs_quota_us")
            try folder.write("100000\n", as: "groups/cpu/a/cpu.cfs_period_us")
            #expect(physical(allowed: 8) == 8)
            try folder.write("400000\n", as: "groups/cpu/a/cpu.cfs_quota_us")
            #expect(physical(allowed: 8) == 4)
        }

        /// The kernel gives a page of such a file at a time, and no size: readers of whole files stop after the first one,
        /// and sixteen cores seemed to be two.
        @Test func `what the kernel tells is read to its end`() throws {
            let text = try #require(KernelFile.text("/proc/self/maps"))
            #expect(text.utf8.count > 4_096)
            #expect(text.contains("[vdso]") || text.contains("[vsyscall]") || text.contains("[stack]"))
            #expect(text.hasSuffix("\n"))
        }
    }
#endif
