/// A GGUF model file, mapped read-only and checked, or several that are the parts of a split one.
///
/// Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>, versions 2 and 3, little-endian. Opening reads
/// the headers only; tensors' bytes are read from the map where they lie and never copied.
public final class GGUFFile: Sendable {
    /// The path that was opened (of a split file: of its first part), or an embedded file's name.
    public let name: String

    /// The format's version, 2 or 3.
    public let version: Int

    /// Bytes of all parts.
    public let byteCount: UInt64

    /// Paths of all parts, in order: one for a whole file, the name for an embedded one.
    public let partPaths: [String]

    /// Bytes of each part, in order.
    public let partByteCounts: [Int]

    /// The metadata; of a split file that of its first part, which carries all of it.
    public let metadata: GGUFMetadata

    /// All tensors, in the order of parts and, inside them, of the file.
    public let tensors: [TensorDescriptor]

    private let parts: [MappedPart]
    private let headerByteCounts: [Int]
    private let indices: [String: Int]

    /// Opens a file. Of a split model any one part opens all of them.
    public convenience init(path: String) throws(GGUFError) {
        try self.init(parts: SplitOpener.open(path))
        if isDamaged {
            throw GGUFError(
                code: .truncated, path: path, field: "file", problem: "was cut short while it was read",
                advice: "wait until whatever writes it is done")
        }
    }

    /// Uses bytes that are never freed, such as a model embedded in the executable. They are not copied.
    ///
    /// They must begin at a multiple of 8, better of 64, in memory.
    public convenience init(bytes: UnsafeRawBufferPointer, name: String) throws(GGUFError) {
        let part = MappedPart(permanent: bytes, name: name)
        guard UInt(bitPattern: bytes.baseAddress) % UInt(Limits.minimumAlignment) == 0 else {
            throw GGUFError(
                code: .unreadable, path: name, field: "bytes",
                problem: "do not begin at a multiple of \(Limits.minimumAlignment) in memory",
                advice: "declare the array with alignas(64)")
        }
        let header = try PartHeader(of: part, index: 0)
        if let count = header.metadata.integer(MetadataKey.splitCount), count > 1 {
            throw GGUFError(
                code: .mismatchedParts, path: name, field: "metadata '\(MetadataKey.splitCount)'",
                problem: "is \(count); an embedded model must be whole", advice: "merge the parts first")
        }
        try self.init(parts: [(part, header)])
    }

    private init(parts opened: [(part: MappedPart, header: PartHeader)]) throws(GGUFError) {
        guard let first = opened.first else {
            preconditionFailure("a file has at least one part")
        }
        parts = opened.map(\.part)
        partPaths = parts.map(\.path)
        partByteCounts = parts.map(\.bytes.count)
        headerByteCounts = opened.map(\.header.byteCount)
        name = first.part.path
        version = Int(first.header.version)
        byteCount = partByteCounts.reduce(0) { $0 + UInt64($1) }
        metadata = first.header.metadata
        tensors = opened.flatMap(\.header.tensors)
        var indices = [String: Int](minimumCapacity: tensors.count)
        for (index, tensor) in tensors.enumerated() {
            guard indices.updateValue(index, forKey: tensor.name) == nil else {
                throw GGUFError(
                    code: .mismatchedParts, path: partPaths[tensor.part], field: "tensor '\(tensor.name)'",
                    problem: "is in another part already", advice: GGUFError.downloadAgain)
            }
        }
        self.indices = indices
    }

    /// Whether another process has cut the file short, or any part of it, since it was opened: what is gone reads as zeros,
    /// and nothing computed from them is worth anything. Once true it stays so. Cheap enough for every step of an engine.
    ///
    /// Memory has pages: a cut inside the last one, and one whose end has been written anew before anything was read, are
    /// not seen.
    public var isDamaged: Bool {
        parts.contains { $0.region.isDamaged }
    }

    /// The tensor of that name.
    public func tensor(named name: String) -> TensorDescriptor? {
        indices[name].map { tensors[$0] }
    }

    /// A tensor's bytes in the map; valid while this file lives.
    public func bytes(of tensor: TensorDescriptor) -> UnsafeRawBufferPointer {
        // Descriptors are values that anyone can keep: one of another file must not become a wild pointer.
        precondition(self.tensor(named: tensor.name) == tensor, "the tensor is not of this file")
        return UnsafeRawBufferPointer(
            rebasing: parts[tensor.part].bytes[tensor.offset..<tensor.offset + tensor.byteCount])
    }

    /// A part's header: everything up to the end of its table of tensors; valid while this file lives.
    public func headerBytes(ofPart part: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: parts[part].bytes[..<headerByteCounts[part]])
    }

    /// Brings all parts into memory with several threads, ahead of their use; returns when they are there.
    /// - Parameter isCancelled: asked before each piece of some megabytes, on any thread; true leaves the rest out.
    public func prefetch(isCancelled: @Sendable () -> Bool = { false }) {
        for part in parts {
            part.region.prefetch(isCancelled: isCancelled)
        }
    }
}
