#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
internal import CMappedFiles
import Dispatch

/// The bytes of one file: a read-only map that ends with this value, or bytes that live as long as the process.
///
/// Where another process cuts the file short while it is mapped, what is gone reads as zeros and `isDamaged` says so.
struct MappedRegion: ~Copyable, @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool
    /// Keeps reads of what the file no longer has from ending the process.
    private let guarding: OpaquePointer?

    /// Bytes that are never freed, such as those embedded in the executable.
    init(permanent bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        isMapped = false
        guarding = nil
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
        #if canImport(Glibc)
            // What is not in the system's page cache yet then comes into it in large pages, where kernel and file system
            // have them: mapping and unmapping the file again costs next to nothing from then on. A hint, no more.
            _ = madvise(base, size, MADV_HUGEPAGE)
        #endif
        bytes = UnsafeRawBufferPointer(start: base, count: size)
        isMapped = true
        guarding = conifer_guard_mapped_file(base, size)
    }

    deinit {
        if isMapped, let base = bytes.baseAddress {
            // First: from here on the addresses may come to be someone else's.
            conifer_unguard_mapped_file(guarding)
            munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
        }
    }

    /// Whether the file has been cut short since it was mapped.
    var isDamaged: Bool {
        conifer_mapped_file_is_damaged(guarding)
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
            // A hint; where it fails the pages come in when they are read, or turn out to be gone.
            _ = madvise(pointer, length, Int32(MADV_WILLNEED))
        }
    }

    private static func message(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
