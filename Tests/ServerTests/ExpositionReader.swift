import Testing

/// Reads Prometheus' text format as strictly as its grammar allows; whatever is wrong is recorded as an issue.
struct ExpositionReader {
    /// Values by name and labels, as written: `conifer_turns_total{model="alpha",outcome="stop"}`.
    private(set) var values: [String: Double] = [:]
    /// Kinds by the metric's name.
    private(set) var kinds: [String: String] = [:]
    private var helped: Set<String> = []
    private var closed: Set<String> = []
    private var current: String?

    init(_ text: String) {
        #expect(text.hasSuffix("\n"), "the last line must end")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { read(line) }
        checkHistograms()
    }

    subscript(name: String) -> Double? { values[name] }

    private mutating func read(_ line: Substring) {
        if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)/) {
            begin(String(match.1))
            #expect(helped.insert(String(match.1)).inserted, "two helps: \(line)")
            #expect(kinds[String(match.1)] == nil, "the help comes first: \(line)")
        } else if let match = line.wholeMatch(of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/) {
            begin(String(match.1))
            #expect(kinds.updateValue(String(match.2), forKey: String(match.1)) == nil, "two types: \(line)")
            #expect((match.2 == "counter") == match.1.hasSuffix("_total"), "counters, and they alone, end in _total")
        } else {
            readSample(line)
        }
    }

    /// A metric's lines stand together.
    private mutating func begin(_ name: String) {
        if current != name {
            if let current { closed.insert(current) }
            #expect(!closed.contains(name), "\(name) is told in two places")
            current = name
        }
    }

    private mutating func readSample(_ line: Substring) {
        let form =
            /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(?:,(?!\}))?)*\})? ([^ ]+)/
        guard let match = line.wholeMatch(of: form) else {
            Issue.record("not a sample: \(line)")
            return
        }
        let name = String(match.1)
        let family = current ?? ""
        let suffixes = kinds[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        #expect(suffixes.contains { family + $0 == name }, "\(name) stands under \(family)")
        let number = match.3 == "+Inf" ? Double.infinity : Double(match.3)
        #expect(number != nil && number?.isNaN == false, "not a number: \(line)")
        let key = name + (match.2 ?? "")
        #expect(values.updateValue(number ?? 0, forKey: key) == nil, "twice: \(key)")
    }

    /// Buckets rise, and the last one holds everything.
    private func checkHistograms() {
        for (name, kind) in kinds where kind == "histogram" {
            for (key, count) in values where key.hasPrefix(name + "_count") {
                let labels = key.dropFirst(name.count + 6).drop { $0 == "{" }.prefix { $0 != "}" }
                let buckets = values.compactMap { entry -> (Double, Double)? in
                    let start = "\(name)_bucket{\(labels)\(labels.isEmpty ? "" : ",")le=\""
                    guard entry.key.hasPrefix(start) else { return nil }
                    let bound = entry.key.dropFirst(start.count).dropLast(2)
                    return (bound == "+Inf" ? .infinity : Double(bound) ?? .nan, entry.value)
                }.sorted { $0.0 < $1.0 }
                #expect(buckets.count > 1 && buckets.last?.0 == .infinity && buckets.last?.1 == count, "\(key)")
                #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.1 <= $1.1 }, "\(key)")
                #expect(values["\(name)_sum\(key.dropFirst(name.count + 6))"] != nil, "\(key)")
            }
        }
    }
}
