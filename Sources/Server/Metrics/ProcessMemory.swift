import Foundation

#if canImport(Darwin)
    import Darwin
#endif

/// What this process takes, as the system counts it.
enum ProcessMemory {
    /// Bytes in RAM, mapped files included; nil where the system does not say.
    static var residentBytes: UInt64? {
        #if canImport(Darwin)
            var information = mach_task_basic_info()
            var count = mach_msg_type_number_t(
                MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
            let status = withUnsafeMutablePointer(to: &information) { pointer in
                pointer.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
                    task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
                }
            }
            return status == KERN_SUCCESS ? UInt64(information.resident_size) : nil
        #else
            // One short line, all of it in the first page: the second number counts pages in RAM.
            guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
            return text.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map {
                $0 * UInt64(sysconf(Int32(_SC_PAGESIZE)))
            }
        #endif
    }
}
