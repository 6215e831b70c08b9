/// Working memory of one size, freed with the object.
final class Scratch: @unchecked Sendable {
    private let memory: MappedMemory
    var base: UnsafeMutableRawPointer { memory.base }
    var byteCount: Int { memory.byteCount }

    init(byteCount: Int) {
        guard let memory = MappedMemory(byteCount: byteCount) else {
            preconditionFailure("The system gave no \(byteCount) bytes of working memory.")
        }
        self.memory = memory
    }
}
