#if !canImport(Darwin)
    import Foundation
    import TestModels
    import Testing

    @testable import Inference

    /// How many threads an engine gets, by what Linux tells: files as its kernel writes them.
    @Suite struct MachineCoresTests {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            try write("proc/self/cgroup", "0::/user.slice/shell.scope\n")
        }

        func write(_ name: String, _ text: String) throws {
            let path = folder.file(name)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try TemporaryFolder.write(Array(text.utf8), to: path)
        }

        func writeProcessors(packages: Int, cores: Int, threads: Int) throws {
            var text = ""
            for package in 0..<packages {
                for thread in 0..<threads * cores {
                    text += "processor\t: \(package * cores * threads + thread)\nmodel name\t: A processor\n"
                    text += "physical id\t: \(package)\ncore id\t\t: \(thread % cores)\ncpu cores\t: \(cores)\n\n"
                }
            }
            try write("proc/cpuinfo", text)
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
            try write("proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00\n")
            #expect(physical(allowed: 12) == 12)
        }

        @Test func `the tightest quota of all control groups counts, rounded up`() throws {
            try writeProcessors(packages: 1, cores: 16, threads: 1)
            try write("groups/user.slice/shell.scope/cpu.max", "max 100000\n")
            #expect(physical(allowed: 16) == 16)
            try write("groups/user.slice/cpu.max", "250000 100000\n")
            #expect(physical(allowed: 16) == 3)
            try write("groups/cpu.max", "1000 100000\n")
            #expect(physical(allowed: 16) == 1)
        }

        @Test func `a quota of version 1 counts, and minus one is none`() throws {
            try writeProcessors(packages: 1, cores: 8, threads: 1)
            try write("proc/self/cgroup", "4:cpu,cpuacct:/a\n2:memory:/a\n")
            try write("groups/cpu/a/cpu.cfs_quota_us", "-1\n")
            try write("groups/cpu/a/cpu.cfs_period_us", "100000\n")
            #expect(physical(allowed: 8) == 8)
            try write("groups/cpu/a/cpu.cfs_quota_us", "400000\n")
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
