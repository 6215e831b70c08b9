/// Holds back text that may yet become a stop string, and cuts the stream at the first one that is complete.
///
/// Works on UTF-8, so a client may use any text, and never looks twice at more than the longest stop string.
struct StopStringFilter {
    private let stops: [[UInt8]]
    private var held: [UInt8] = []
    /// Whether a stop string was met; nothing comes out afterwards.
    private(set) var isStopped = false

    init(_ stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Takes the next whole characters; returns what can no longer become part of a stop string.
    mutating func append(_ text: String) -> String {
        if stops.isEmpty || isStopped {
            return isStopped ? "" : text
        }
        held.append(contentsOf: text.utf8)
        if let end = stops.compactMap({ ByteSearch.firstOccurrence(of: $0, in: held) }).min() {
            isStopped = true
            defer { held = [] }
            return String(decoding: held[..<end], as: UTF8.self)
        }
        var keep = stops.map { ByteSearch.overlap(of: held, with: $0) }.max() ?? 0
        // Never cut inside a character: hold its leading bytes back, too.
        while keep > 0, keep < held.count, held[held.count - keep] & 0xC0 == 0x80 {
            keep += 1
        }
        let certain = held.count - keep
        defer { held.removeFirst(certain) }
        return String(decoding: held[..<certain], as: UTF8.self)
    }

    /// The turn is over: what was held back was no stop string.
    mutating func finish() -> String {
        defer { held = [] }
        return isStopped ? "" : String(decoding: held, as: UTF8.self)
    }
}
