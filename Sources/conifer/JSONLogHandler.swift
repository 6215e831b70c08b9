internal import Foundation
internal import Logging
internal import OrderedCollections
internal import OrderedJSON

/// Log lines as JSON objects on standard error, one a line.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let label: String
    /// RFC 3339 in UTC, with milliseconds: `2026-11-27T15:16:36.042Z`.
    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: [(String, JSON)] = [
            ("time", .string(Date().formatted(Self.time))),
            ("level", .string(event.level.rawValue)), ("logger", .string(label)),
            ("message", .string(event.message.description)),
        ]
        let own = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in own.sorted(by: { $0.key < $1.key })
        where !["time", "level", "logger", "message"].contains(key) {
            line.append((key, .string(value.description)))
        }
        Terminal.note(JSON.object(.init(uniqueKeysWithValues: line)).serialized())
    }
}
