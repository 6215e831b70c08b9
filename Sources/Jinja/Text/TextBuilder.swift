/// Collects text with its trust, for output, for captured blocks and for operations that build text.
struct TextBuilder {
    let storage = TextStorage()

    var count: Int { storage.bytes.count }

    func append(_ text: Text) { storage.append(text) }

    func append(_ string: String, trusted: Bool) { storage.append(string.utf8, trusted: trusted) }

    func append(_ bytes: some Collection<UInt8>, trusted: Bool) { storage.append(bytes, trusted: trusted) }

    func append(_ scalar: Unicode.Scalar, trusted: Bool) {
        if scalar.isASCII {
            storage.append(UInt8(scalar.value), trusted: trusted)
        } else if let encoded = UTF8.encode(scalar) {
            storage.append(encoded, trusted: trusted)
        }
    }

    /// What has been collected so far.
    func text(isMarkup: Bool = false) -> Text {
        Text(storage: storage, lower: 0, upper: storage.bytes.count, isMarkup: isMarkup)
    }
}
