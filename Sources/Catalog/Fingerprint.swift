import Crypto
import GGUF

/// Tells model files apart without reading all of them.
enum Fingerprint {
    /// SHA-256, as 64 hexadecimal digits, over: each part's size and header (metadata and table of tensors), then the
    /// first 256 bytes of each tensor. Equal for copies of a file; different, but for deliberate forgeries, otherwise.
    static func of(_ file: GGUFFile) -> String {
        var digest = SHA256()
        for (part, size) in file.partByteCounts.enumerated() {
            withUnsafeBytes(of: UInt64(size).littleEndian) { digest.update(bufferPointer: $0) }
            digest.update(bufferPointer: file.headerBytes(ofPart: part))
        }
        for tensor in file.tensors {
            digest.update(
                bufferPointer: UnsafeRawBufferPointer(
                    rebasing: file.bytes(of: tensor).prefix(Limits.fingerprintBytes)))
        }
        return digest.finalize().hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
