/// What one part's header says: all of it checked, nothing of the tensors' bytes read.
struct PartHeader {
    let version: UInt32
    let metadata: GGUFMetadata
    let tensors: [TensorDescriptor]

    /// Bytes from the file's start to the end of the table of tensors.
    let byteCount: Int

    /// The fewest bytes of a metadata entry: key length, one byte of key, type, one byte of value.
    private static let leastEntryBytes = 8 + 1 + 4 + 1

    /// The fewest bytes of a tensor's description: name length, dimension count, type, offset.
    private static let leastTensorBytes = 8 + 4 + 4 + 8

    /// Reads the header of part number `index` of a split file (0 of a whole one).
    init(of part: MappedPart, index: Int) throws(GGUFError) {
        var cursor = Cursor(bytes: part.bytes, path: part.path)
        version = try Self.checkedVersion(&cursor)
        let tensorCount = try Self.count(
            &cursor, of: "header.tensor_count", leastBytes: Self.leastTensorBytes, limit: Limits.tensors)
        let entryCount = try Self.count(
            &cursor, of: "header.metadata_kv_count", leastBytes: Self.leastEntryBytes, limit: Limits.metadataEntries)

        var metadata = GGUFMetadata(path: part.path)
        for entry in 0..<entryCount {
            let key = try Self.key(&cursor, entry: entry)
            let type = try cursor.metadataType(field: { "metadata '\(key)' (type)" })
            let value = try cursor.value(of: type, owner: part, field: { "metadata '\(key)'" }, depth: 0)
            guard metadata.append(value, for: key) else {
                throw cursor.malformed("metadata '\(key)'", "appears twice")
            }
        }
        self.metadata = metadata

        let alignment = try Self.alignment(metadata, cursor)
        var table = TensorTable(path: part.path, part: index, alignment: alignment)
        tensors = try table.read(&cursor, count: tensorCount)
        byteCount = cursor.position
    }

    private static func checkedVersion(_ cursor: inout Cursor) throws(GGUFError) -> UInt32 {
        let magic = try cursor.take(4, field: { "header.magic" })
        guard magic.elementsEqual("GGUF".utf8) else {
            let shown = magic.map { String($0, radix: 16, uppercase: true) }.joined(separator: " ")
            let legacy = ["lmgg", "tjgg", "fmgg", "algg"].contains { magic.elementsEqual($0.utf8) }
            throw GGUFError(
                code: .notGGUF, path: cursor.path, field: "header.magic",
                problem: legacy
                    ? "is the mark of a GGML file from before GGUF" : "is \(shown), not 'GGUF' (47 47 55 46)",
                advice: legacy ? GGUFError.convertAgain : "name a .gguf file")
        }
        let version = try cursor.number(UInt32.self, field: { "header.version" })
        switch version {
        case 2, 3:
            return version
        case 1:
            throw GGUFError(
                code: .unsupportedVersion, path: cursor.path, field: "header.version",
                problem: "is 1, a draft with 32-bit lengths that was in use for some days only; 2 and 3 are read",
                advice: GGUFError.convertAgain)
        case _ where (1...255).contains(version.byteSwapped):
            throw GGUFError(
                code: .unsupportedVersion, path: cursor.path, field: "header.version",
                problem: "is \(version.byteSwapped) in big-endian order; only little-endian files are read",
                advice: "download the little-endian file, or convert this one with gguf-convert-endian")
        default:
            throw GGUFError(
                code: .unsupportedVersion, path: cursor.path, field: "header.version",
                problem: "is \(version); 2 and 3 are read", advice: "look for a newer conifer, or an older file")
        }
    }

    /// A count that the rest of the file must be able to hold, checked before anything is reserved for it.
    private static func count(
        _ cursor: inout Cursor, of field: String, leastBytes: Int, limit: Int
    ) throws(GGUFError) -> Int {
        let count = try cursor.number(UInt64.self, field: { field })
        guard count <= UInt64(cursor.remaining / leastBytes) else {
            throw GGUFError(
                code: .truncated, path: cursor.path, field: field,
                problem: "is \(count), which the \(cursor.remaining) bytes that are left cannot hold",
                advice: GGUFError.downloadAgain)
        }
        guard count <= UInt64(limit) else {
            throw cursor.malformed(field, "is \(count), more than the limit of \(limit)")
        }
        return Int(count)
    }

    private static func key(_ cursor: inout Cursor, entry: Int) throws(GGUFError) -> String {
        let field = { "metadata entry \(entry) (key)" }
        let bytes = try cursor.string(field: field)
        guard !bytes.isEmpty, bytes.count <= Limits.keyBytes else {
            throw cursor.malformed(
                field(), "has \(bytes.count) bytes; a key has 1 to \(Limits.keyBytes)")
        }
        guard let key = String(validating: bytes, as: UTF8.self) else {
            throw cursor.malformed(field(), "is not UTF-8")
        }
        return key
    }

    private static func alignment(_ metadata: GGUFMetadata, _ cursor: Cursor) throws(GGUFError) -> Int {
        guard let value = metadata[MetadataKey.alignment] else { return 32 }
        let field = "metadata '\(MetadataKey.alignment)'"
        guard let alignment = value.integerValue else {
            throw cursor.malformed(field, "is of type \(value.type) where a whole number is needed")
        }
        let isPowerOfTwo = alignment > 0 && alignment & (alignment - 1) == 0
        guard isPowerOfTwo, (Limits.minimumAlignment...Limits.maximumAlignment).contains(alignment) else {
            throw cursor.malformed(
                field,
                "is \(alignment), not a power of two from \(Limits.minimumAlignment) to \(Limits.maximumAlignment)")
        }
        return alignment
    }
}
