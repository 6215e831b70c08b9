extension Cursor {
    /// One metadata value of a known type.
    ///
    /// `depth` is how many arrays are around it. `field` names the value in errors.
    mutating func value(
        of type: MetadataType, owner: any AnyObject & Sendable, field: () -> String, depth: Int
    ) throws(GGUFError) -> MetadataValue {
        switch type {
        case .uint8: return .uint8(try number(UInt8.self, field: field))
        case .int8: return .int8(try number(Int8.self, field: field))
        case .uint16: return .uint16(try number(UInt16.self, field: field))
        case .int16: return .int16(try number(Int16.self, field: field))
        case .uint32: return .uint32(try number(UInt32.self, field: field))
        case .int32: return .int32(try number(Int32.self, field: field))
        case .uint64: return .uint64(try number(UInt64.self, field: field))
        case .int64: return .int64(try number(Int64.self, field: field))
        case .float32: return .float32(Float(bitPattern: try number(UInt32.self, field: field)))
        case .float64: return .float64(Double(bitPattern: try number(UInt64.self, field: field)))
        case .bool: return .bool(try bool(field: field))
        case .string: return .string(MetadataText(bytes: try string(field: field), owner: owner))
        case .array: return .array(try array(owner: owner, field: field, depth: depth))
        }
    }

    /// The number of a metadata type.
    mutating func metadataType(field: () -> String) throws(GGUFError) -> MetadataType {
        let raw = try number(UInt32.self, field: field)
        guard let type = MetadataType(rawValue: raw) else {
            throw malformed(
                field(), "has the unknown value type \(raw) (known: 0 to \(MetadataType.allCases.count - 1))")
        }
        return type
    }

    private mutating func bool(field: () -> String) throws(GGUFError) -> Bool {
        let raw = try number(UInt8.self, field: field)
        guard raw <= 1 else {
            throw malformed(field(), "is a truth value of \(raw), which is neither 0 nor 1")
        }
        return raw == 1
    }

    private mutating func array(
        owner: any AnyObject & Sendable, field: () -> String, depth: Int
    ) throws(GGUFError) -> MetadataArray {
        guard depth < Limits.arrayDepth else {
            throw malformed(field(), "nests arrays more than \(Limits.arrayDepth) deep")
        }
        let type = try metadataType(field: { field() + " (element type)" })
        let count = try arrayCount(of: type, field: field)
        let start = position
        var strings: MetadataStrings?
        if type == .string {
            strings = try stringPositions(count: count, owner: owner, field: field)
        } else if let size = type.fixedSize {
            // `arrayCount` has made sure that this neither overflows nor passes the end.
            _ = try take(UInt64(count * size), field: field)
            if type == .bool { try checkBools(from: start, field: field) }
        } else {
            for index in 0..<count {
                _ = try array(owner: owner, field: { "\(field())[\(index)]" }, depth: depth + 1)
            }
        }
        let taken = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        return MetadataArray(elementType: type, count: count, bytes: taken, owner: owner, strings: strings)
    }

    /// An array's count, which the rest of the file must be able to hold.
    private mutating func arrayCount(of type: MetadataType, field: () -> String) throws(GGUFError) -> Int {
        let count = try number(UInt64.self, field: { field() + " (count)" })
        guard count <= UInt64(remaining / type.leastSize) else {
            throw GGUFError(
                code: .truncated, path: path, field: field() + " (count)",
                problem: "\(count) elements of type \(type) do not fit in the \(remaining) bytes that are left",
                advice: GGUFError.downloadAgain)
        }
        return Int(count)
    }

    /// One pass over an array of strings, noting where each begins.
    private mutating func stringPositions(
        count: Int, owner: any AnyObject & Sendable, field: () -> String
    ) throws(GGUFError) -> MetadataStrings {
        let start = position
        guard let first = bytes.baseAddress else {
            throw truncated(field: field(), need: 1)
        }
        let all = UnsafeRawBufferPointer(rebasing: bytes[start...])
        let starts = [UInt32](unsafeUninitializedCapacity: count + 1) { starts, filled in
            starts[0] = 0
            filled = 1
            var end = 0
            // A hundred thousand lengths, each of which has to be there before the next one is found: nothing else in between.
            while filled <= count, all.count - end >= 8 {
                let length = UInt64(littleEndian: all.loadUnaligned(fromByteOffset: end, as: UInt64.self))
                guard length <= UInt64(all.count - end - 8) else { return }
                end += 8 + Int(length)
                guard let offset = UInt32(exactly: end) else { return }
                starts[filled] = offset
                filled += 1
            }
        }
        skip(Int(starts[starts.count - 1]))
        if starts.count <= count {
            _ = try string(field: { "\(field())[\(starts.count - 1)]" })
            throw malformed(field(), "holds more than \(Limits.stringArrayBytes) bytes of strings")
        }
        return MetadataStrings(base: first + start, starts: starts, owner: owner)
    }

    private func checkBools(from start: Int, field: () -> String) throws(GGUFError) {
        for (index, raw) in bytes[start..<position].enumerated() where raw > 1 {
            throw malformed("\(field())[\(index)]", "is a truth value of \(raw), which is neither 0 nor 1")
        }
    }

    func malformed(_ field: String, _ problem: String) -> GGUFError {
        GGUFError(
            code: .malformedMetadata, path: path, field: field, problem: problem, advice: GGUFError.convertAgain)
    }
}
