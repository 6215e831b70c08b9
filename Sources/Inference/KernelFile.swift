#if !canImport(Darwin)
    internal import Glibc

    /// A file in which the kernel tells something.
    enum KernelFile {
        /// All of its text; nil if it cannot be opened.
        ///
        /// Such a file has no size before it is read, and a read gives a page of it at most. Foundation's readers of whole
        /// files stop after the first one.
        static func text(_ path: String) -> String? {
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
