import OrderedJSON
import Testing

@Suite("Writing JSON")
struct WritingTests {
    static let document: JSON = ["b": [1, 2.5, "x\n\"\\é😀\u{1}\u{7f}"], "a": ["": [], "o": [:]], "n": nil, "t": true]

    @Test("Compact, pretty and Python's style")
    func writesStyles() {
        #expect(
            Self.document.serialized()
                == #"{"b":[1,2.5,"x\n\"\\é😀\u0001"# + "\u{7f}" + #""],"a":{"":[],"o":{}},"n":null,"t":true}"#)
        #expect(
            Self.document.serialized(.python)
                == #"{"b": [1, 2.5, "x\n\"\\é😀\u0001"# + "\u{7f}"
                + #""], "a": {"": [], "o": {}}, "n": null, "t": true}"#)
        let json: JSON = ["a": [1, [:]], "b": "c"]
        #expect(json.serialized(.pretty) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"c\"\n}")
    }

    @Test("Sorted keys and ASCII only")
    func writesOptions() {
        var style = JSONStyle.python
        style.sortsKeys = true
        style.escapesNonASCII = true
        let json: JSON = ["é": 1, "b": "😀\u{7f}", "a": nil, "B": 0]
        #expect(json.serialized(style) == #"{"B": 0, "a": null, "b": "\ud83d\ude00\u007f", "\u00e9": 1}"#)
    }

    @Test("Numbers that JSON cannot write")
    func writesNonFinite() {
        let json: JSON = [.number(.nan), .number(.infinity), .number(-.infinity)]
        #expect(json.serialized() == "[null,null,null]")
        #expect(json.serialized(.python) == "[NaN, Infinity, -Infinity]")
    }

    /// Each text is what Python 3's `repr` gives for the same double.
    @Test(
        "Doubles are the shortest text that reads back, as Python writes it",
        arguments: [
            (1.0, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (0.30000000000000004, "0.30000000000000004"),
            (1e15, "1000000000000000.0"),
            (9_999_999_999_999_998, "9999999999999998.0"), (1e16, "1e+16"),
            (12_345_678_901_234_568, "1.2345678901234568e+16"),
            (1.5e16, "1.5e+16"), (18_014_398_509_481_984, "1.8014398509481984e+16"), (1e22, "1e+22"), (1e100, "1e+100"),
            (0.0001, "0.0001"), (0.00012345, "0.00012345"), (0.00001, "1e-05"), (0.000012345, "1.2345e-05"),
            (Double.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"), (2.2250738585072014e-308, "2.2250738585072014e-308"),
            (123456.789, "123456.789"), (1_000_000, "1000000.0"), (3.141592653589793, "3.141592653589793"),
            (-2.5e-7, "-2.5e-07"),
        ])
    func writesDoubles(value: Double, text: String) {
        #expect(ShortestDecimal.text(value) == text)
        #expect(JSON.number(value).serialized() == text)
    }

    @Test("Random doubles read back as themselves")
    func roundTripsDoubles() throws {
        var generator = SplitMix(state: 7)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let parsed = try JSON(parsing: JSON.number(value).serialized())
            #expect(parsed == .number(value))
        }
    }
}
