/// Upper and lower case as in Python: by Unicode's full mappings, with the Greek final sigma.
extension Text {
    func uppercased() -> Text {
        if isKnownASCII { return mapBytes { byte, _ in (0x61...0x7a).contains(byte) ? byte - 0x20 : byte } }
        return mapScalars { scalar, _ in scalar.properties.uppercaseMapping }
    }

    func lowercased() -> Text {
        if isKnownASCII { return mapBytes { byte, _ in (0x41...0x5a).contains(byte) ? byte + 0x20 : byte } }
        return mapScalars { scalar, offset in self.lowercase(scalar, at: offset) }
    }

    /// The first character in title case, the others in lower case.
    func capitalized() -> Text {
        mapScalars { scalar, offset in
            offset == 0 ? scalar.properties.titlecaseMapping : self.lowercase(scalar, at: offset)
        }
    }

    /// `str.title`: title case after anything that has no case.
    func titlecased() -> Text {
        var followsCased = false
        return mapScalars { scalar, offset in
            defer { followsCased = scalar.properties.isCased }
            return followsCased ? self.lowercase(scalar, at: offset) : scalar.properties.titlecaseMapping
        }
    }

    func caseSwapped() -> Text {
        mapScalars { scalar, offset in
            if scalar.properties.isUppercase { return self.lowercase(scalar, at: offset) }
            return scalar.properties.isLowercase ? scalar.properties.uppercaseMapping : String(Character(scalar))
        }
    }

    private func lowercase(_ scalar: Unicode.Scalar, at offset: Int) -> String {
        if scalar.isASCII || scalar.value != 0x3a3 { return scalar.properties.lowercaseMapping }
        return isFinal(at: offset) ? "ς" : "σ"
    }

    /// Whether a sigma ends its word: a letter with case before it and none after, whatever may be ignored between.
    private func isFinal(at offset: Int) -> Bool {
        var before = offset
        var precedes = false
        while before > 0, !precedes {
            before -= 1
            while before > 0, storage.bytes[lower + before] & 0xc0 == 0x80 { before -= 1 }
            let properties = scalar(at: before).scalar.properties
            if properties.isCaseIgnorable { continue }
            guard properties.isCased else { return false }
            precedes = true
        }
        guard precedes else { return false }
        var after = offset + 2
        while after < count {
            let (scalar, width) = scalar(at: after)
            if !scalar.properties.isCaseIgnorable { return !scalar.properties.isCased }
            after += width
        }
        return true
    }
}
