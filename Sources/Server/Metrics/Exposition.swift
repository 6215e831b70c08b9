/// Prometheus' text format 0.0.4: `prometheus.io/docs/instrumenting/exposition_formats`.
enum Exposition {
    /// What a scraper is told the text is.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Metrics by name, their series by their labels.
    static func write(_ families: [String: PrometheusFactory.Family]) -> String {
        var text = ""
        for (_, family) in families.sorted(by: { $0.key < $1.key }) {
            let name = name(family.description.name)
            if !family.description.help.isEmpty {
                text += "# HELP \(name) \(escaped(family.description.help, quotes: false))\n"
            }
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                for sample in series.samples {
                    text += line(name, labels, sample)
                }
            }
        }
        return text
    }

    private static func line(_ name: String, _ labels: [MetricLabel], _ sample: MetricSample) -> String {
        var written = labels.map { "\(Self.name($0.name, colons: false))=\"\(escaped($0.value, quotes: true))\"" }
        if let bound = sample.bound { written.append("le=\"\(bound)\"") }
        let braces = written.isEmpty ? "" : "{\(written.joined(separator: ","))}"
        return "\(name)\(sample.suffix)\(braces) \(sample.value)\n"
    }

    /// A number: whole ones without a fraction.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    /// A name with nothing in it that the format does not allow.
    private static func name(_ name: String, colons: Bool = true) -> String {
        var result = ""
        for character in name.unicodeScalars {
            let isLetter = ("a"..."z").contains(character) || ("A"..."Z").contains(character) || character == "_"
            let isDigit = ("0"..."9").contains(character) && !result.isEmpty
            let isAllowed = isLetter || isDigit || colons && character == ":"
            result.unicodeScalars.append(isAllowed ? character : "_")
        }
        return result.isEmpty ? "_" : result
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
