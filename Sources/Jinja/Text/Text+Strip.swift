/// Stripping, as `str.strip` and its siblings.
extension Text {
    /// Without the white space at its ends.
    func stripped(left: Bool = true, right: Bool = true) -> Text {
        stripped(left: left, right: right) { $0.isPythonSpace }
    }

    /// Without the scalars at its ends that a set contains.
    func stripped(of set: Text, left: Bool = true, right: Bool = true) -> Text {
        var scalars: Set<Unicode.Scalar> = []
        set.forEachScalar { scalar, _ in
            scalars.insert(scalar)
            return true
        }
        return stripped(left: left, right: right) { scalars.contains($0) }
    }

    private func stripped(left: Bool, right: Bool, where matches: (Unicode.Scalar) -> Bool) -> Text {
        var start = 0
        var end = count
        while left, start < end {
            let (scalar, width) = scalar(at: start)
            guard matches(scalar) else { break }
            start += width
        }
        while right, start < end {
            var last = end - 1
            while last > start, storage.bytes[lower + last] & 0xc0 == 0x80 { last -= 1 }
            guard matches(scalar(at: last).scalar) else { break }
            end = last
        }
        return slice(start..<end)
    }
}
