/// Keeps one part's bytes alive for everything that points into them.
final class MappedPart: Sendable {
    let region: MappedRegion
    let path: String

    init(path: String) throws(GGUFError) {
        region = try MappedRegion(path: path)
        self.path = path
    }

    init(permanent bytes: UnsafeRawBufferPointer, name: String) {
        region = MappedRegion(permanent: bytes)
        path = name
    }

    var bytes: UnsafeRawBufferPointer {
        region.bytes
    }
}
