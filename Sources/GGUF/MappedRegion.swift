#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Dispatch

/// The bytes of one file: a read-only map that ends with this value, or bytes that live as long as the process.
///
/// A file that another process cuts short while it is mapped makes later reads fail with SIGBUS: that is what mapping
/// means. Its size is checked when it is opened; whoever replaces a model file should write a new one and rename it.
struct MappedRegion: ~Copyable, @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// Bytes that are never freed, such as those embedded in the executable.
    init(permanent bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        isMapped = false
    }

    /// Maps a regular file.
    init(path: String) throws(GGUFError) {
        // O_NONBLOCK: opening a pipe must not wait for its other end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            throw GGUFError(
                code: code == ENOENT ? .missing : .unreadable, path: path, field: "file",
                problem: "cannot be opened (\(Self.message(code)))",
                advice: code == ENOENT
                    ? "check the path, or whether the file was moved" : "check its permissions")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw GGUFError(
                code: .unreadable, path: path, field: "file", problem: "cannot be examined (\(Self.message(errno)))",
                advice: "check the disk")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw GGUFError(
                code: .unreadable, path: path, field: "file",
                problem: isFolder ? "is a folder" : "is not a regular file", advice: "name a .gguf file")
        }
        let size = Int(status.st_size)
        guard size > 0 else {
            throw GGUFError(
                code: .truncated, path: path, field: "file", problem: "is empty", advice: GGUFError.downloadAgain)
        }
        guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw GGUFError(
                code: .unreadable, path: path, field: "file",
                problem: "its \(size) bytes cannot be mapped (\(Self.message(errno)))",
                advice: "check the limit on address space (ulimit -v) and the file system")
        }
        bytes = UnsafeRawBufferPointer(start: base, count: size)
        isMapped = true
    }

    deinit {
        if isMapped, let base = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
        }
    }

    /// Brings the pages in, with several threads; returns when they are in, or at least on their way, or soon after
    /// `isCancelled` first said so.
    func prefetch(isCancelled: @Sendable () -> Bool) {
        guard isMapped, let base = bytes.baseAddress else { return }
        // Multiples of every page size in use, few enough that a thread's start is lost in them.
        let stride = 16 << 20
        let count = bytes.count
        let chunks = (count + stride - 1) / stride
        let address = UInt(bitPattern: base)
        DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
            if isCancelled() { return }
            let start = chunk * stride
            let pointer = UnsafeMutableRawPointer(bitPattern: address + UInt(start))
            let length = min(stride, count - start)
            #if os(Linux)
                // Linux 5.14 and later: reads ahead and fills the page table in one call. The C header of an older
                // system lacks its number.
                let populateRead: Int32 = 22
                if madvise(pointer, length, populateRead) == 0 { return }
            #endif
            // A hint; where it fails the pages come in when they are read.
            _ = madvise(pointer, length, Int32(MADV_WILLNEED))
        }
    }

    private static func message(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
