/// Reads and checks one part's table of tensors.
struct TensorTable {
    let path: String
    let part: Int
    let alignment: Int

    private struct Entry {
        var name: String
        var type: TensorType
        var dimensions: [Int]
        var byteCount: Int
        var relativeOffset: UInt64
    }

    /// Reads `count` descriptions, then places them behind the table.
    mutating func read(_ cursor: inout Cursor, count: Int) throws(GGUFError) -> [TensorDescriptor] {
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        var names = Set<String>(minimumCapacity: count)
        for index in 0..<count {
            let entry = try entry(&cursor, index: index)
            guard names.insert(entry.name).inserted else {
                throw malformed(entry.name, "appears twice")
            }
            entries.append(entry)
        }
        // Tensor data begins at the next multiple of the alignment.
        let padding = (alignment - cursor.position % alignment) % alignment
        let dataStart = cursor.position + padding
        var tensors: [TensorDescriptor] = []
        tensors.reserveCapacity(count)
        for entry in entries {
            tensors.append(try place(entry, dataStart: dataStart, fileBytes: cursor.bytes.count))
        }
        try checkOverlaps(tensors)
        return tensors
    }

    private func entry(_ cursor: inout Cursor, index: Int) throws(GGUFError) -> Entry {
        let nameBytes = try cursor.string(field: { "tensor \(index) (name)" })
        guard !nameBytes.isEmpty, nameBytes.count <= Limits.tensorNameBytes else {
            throw malformed(
                "\(index)", "has a name of \(nameBytes.count) bytes; a name has 1 to \(Limits.tensorNameBytes)")
        }
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw malformed("\(index)", "has a name that is not UTF-8")
        }
        let dimensionCount = try cursor.number(UInt32.self, field: { "tensor '\(name)' (dimension count)" })
        guard dimensionCount <= Limits.tensorDimensions else {
            throw malformed(name, "has \(dimensionCount) dimensions; at most \(Limits.tensorDimensions) are possible")
        }
        var dimensions: [Int] = []
        for dimension in 0..<dimensionCount {
            let size = try cursor.number(UInt64.self, field: { "tensor '\(name)' (dimension \(dimension))" })
            guard size > 0 else {
                throw malformed(name, "dimension \(dimension) is zero")
            }
            guard let size = Int(exactly: size) else {
                throw malformed(name, "dimension \(dimension) is \(size), more than any file can hold")
            }
            dimensions.append(size)
        }
        let type = try type(try cursor.number(UInt32.self, field: { "tensor '\(name)' (type)" }), of: name)
        let byteCount = try byteCount(of: name, type: type, dimensions: dimensions)
        let offset = try cursor.number(UInt64.self, field: { "tensor '\(name)' (offset)" })
        return Entry(name: name, type: type, dimensions: dimensions, byteCount: byteCount, relativeOffset: offset)
    }

    private func type(_ raw: UInt32, of name: String) throws(GGUFError) -> TensorType {
        if let type = TensorType(rawValue: raw) { return type }
        if let removed = TensorType.removed[raw] {
            throw GGUFError(
                code: .unknownTensorType, path: path, field: "tensor '\(name)' (type)",
                problem: "is \(raw), \(removed), a type that ggml has removed", advice: GGUFError.convertAgain)
        }
        throw GGUFError(
            code: .unknownTensorType, path: path, field: "tensor '\(name)' (type)",
            problem: "is \(raw), which names no known type",
            advice: "look for a newer conifer, or for the model in another quantisation")
    }

    private func byteCount(of name: String, type: TensorType, dimensions: [Int]) throws(GGUFError) -> Int {
        let columns = dimensions.first ?? 1
        guard columns % type.blockSize == 0 else {
            throw malformed(
                name,
                "has \(columns) columns, not a multiple of the \(type.blockSize) that a block of \(type.name) holds")
        }
        var (bytes, overflow) = (columns / type.blockSize).multipliedReportingOverflow(by: type.blockBytes)
        var elements = columns
        for size in dimensions.dropFirst() {
            let (nextBytes, bytesOverflow) = bytes.multipliedReportingOverflow(by: size)
            let (nextElements, elementsOverflow) = elements.multipliedReportingOverflow(by: size)
            bytes = nextBytes
            elements = nextElements
            overflow = overflow || bytesOverflow || elementsOverflow
        }
        guard !overflow else {
            throw malformed(name, "has dimensions \(dimensions), whose product is more than any file can hold")
        }
        return bytes
    }

    private func place(_ entry: Entry, dataStart: Int, fileBytes: Int) throws(GGUFError) -> TensorDescriptor {
        guard entry.relativeOffset % UInt64(alignment) == 0 else {
            throw malformed(
                entry.name, "has the offset \(entry.relativeOffset), not a multiple of the alignment \(alignment)")
        }
        let available = fileBytes - dataStart
        guard entry.byteCount <= available, entry.relativeOffset <= UInt64(available - entry.byteCount) else {
            throw GGUFError(
                code: .truncated, path: path, field: "tensor '\(entry.name)'",
                problem: "its \(entry.byteCount) bytes at offset \(entry.relativeOffset) pass the end of the file, "
                    + "which has \(max(available, 0)) bytes of tensor data",
                advice: GGUFError.downloadAgain)
        }
        return TensorDescriptor(
            name: entry.name, type: entry.type, dimensions: entry.dimensions, byteCount: entry.byteCount, part: part,
            offset: dataStart + Int(entry.relativeOffset))
    }

    private func checkOverlaps(_ tensors: [TensorDescriptor]) throws(GGUFError) {
        let ordered = tensors.sorted { $0.offset < $1.offset }
        for (first, second) in zip(ordered, ordered.dropFirst()) where first.offset + first.byteCount > second.offset {
            throw malformed(
                second.name,
                "begins at byte \(second.offset), inside tensor '\(first.name)' "
                    + "(bytes \(first.offset)..<\(first.offset + first.byteCount))")
        }
    }

    private func malformed(_ tensor: String, _ problem: String) -> GGUFError {
        GGUFError(
            code: .malformedTensor, path: path, field: "tensor '\(tensor)'", problem: problem,
            advice: GGUFError.convertAgain)
    }
}
