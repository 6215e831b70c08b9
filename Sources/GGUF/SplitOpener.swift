/// Opens a path and, where it is one part of a split model, all the other parts.
enum SplitOpener {
    typealias Part = (part: MappedPart, header: PartHeader)

    static func open(_ path: String) throws(GGUFError) -> [Part] {
        let given = try openPart(path, index: 0)
        guard let count = try checkedCount(given) else { return [given] }
        guard let name = SplitName(path) else {
            throw GGUFError(
                code: .mismatchedParts, path: path, field: "file name",
                problem: "is one of \(count) parts (split.count) but does not end in '-NNNNN-of-\(padded(count)).gguf'",
                advice: "give the parts the names they were published under")
        }
        guard name.count == count else {
            throw mismatch(
                path, MetadataKey.splitCount, "is \(count), the file name says \(name.count) parts")
        }
        var parts: [Part] = []
        for number in 1...count {
            // The part that was named is read again with its place in the order, which its tensors carry.
            let part = try openOther(name.path(of: number), index: number - 1, count: count)
            try check(part, index: number - 1, count: count, first: parts.first ?? part)
            parts.append(part)
        }
        try checkTensorCount(parts)
        return parts
    }

    private static func openPart(_ path: String, index: Int) throws(GGUFError) -> Part {
        let part = try MappedPart(path: path)
        return (part, try PartHeader(of: part, index: index))
    }

    private static func openOther(_ path: String, index: Int, count: Int) throws(GGUFError) -> Part {
        do {
            return try openPart(path, index: index)
        } catch  where error.code == .missing {
            throw GGUFError(
                code: .missing, path: path, field: "file", problem: "part \(index + 1) of \(count) is missing",
                advice: "download it into the same folder")
        }
    }

    /// The number of parts, or nil for a whole file.
    private static func checkedCount(_ part: Part) throws(GGUFError) -> Int? {
        guard let value = part.header.metadata[MetadataKey.splitCount] else { return nil }
        guard let count = value.integerValue, (0...Limits.parts).contains(count) else {
            let found = value.integerValue.map(String.init) ?? "of type \(value.type)"
            throw mismatch(
                part.part.path, MetadataKey.splitCount, "is \(found), not a number of parts up to \(Limits.parts)")
        }
        return count > 1 ? count : nil
    }

    private static func check(_ part: Part, index: Int, count: Int, first: Part) throws(GGUFError) {
        let metadata = part.header.metadata
        let path = part.part.path
        guard metadata.integer(MetadataKey.splitCount) == count else {
            let found = metadata.integer(MetadataKey.splitCount).map(String.init) ?? "missing"
            throw mismatch(path, MetadataKey.splitCount, "is \(found) where the other parts say \(count)")
        }
        guard metadata.integer(MetadataKey.splitNumber) == index else {
            let found = metadata.integer(MetadataKey.splitNumber).map(String.init) ?? "missing"
            throw mismatch(
                path, MetadataKey.splitNumber, "is \(found) (counted from 0) where the file name means \(index)")
        }
        // Parts after the first need not carry these; where they do, they must agree.
        for key in [MetadataKey.architecture, MetadataKey.name, MetadataKey.splitTensorCount] {
            guard let mine = metadata[key], let theirs = first.header.metadata[key] else { continue }
            guard mine.stringValue == theirs.stringValue, mine.integerValue == theirs.integerValue else {
                throw mismatch(path, key, "differs from the first part's: they are parts of different models")
            }
        }
    }

    private static func checkTensorCount(_ parts: [Part]) throws(GGUFError) {
        guard let first = parts.first, let promised = first.header.metadata.integer(MetadataKey.splitTensorCount)
        else { return }
        let found = parts.reduce(0) { $0 + $1.header.tensors.count }
        guard found == promised else {
            throw mismatch(
                first.part.path, MetadataKey.splitTensorCount, "is \(promised), the parts hold \(found) tensors")
        }
    }

    private static func mismatch(_ path: String, _ key: String, _ problem: String) -> GGUFError {
        GGUFError(
            code: .mismatchedParts, path: path, field: "metadata '\(key)'", problem: problem,
            advice: "download all parts again from one place")
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
