import OrderedCollections
import OrderedJSON
import Testing

@Suite("Parsing JSON")
struct ParsingTests {
    @Test("Values of every kind", arguments: values)
    func parsesValues(text: String, expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
    }

    static let values: [(String, JSON)] = [
        ("null", nil), ("true", true), (" false\r\n\t", false), ("0", 0), ("-0", 0), ("-12", -12), ("1.0", 1.0),
        ("-0.0", .number(-0.0)), ("1e2", 100.0), ("1E+2", 100.0), ("25e-1", 2.5), ("\"\"", ""), ("[]", []), ("{}", [:]),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1e-400", 0.0),
        ("5e-324", .number(.leastNonzeroMagnitude)),
        ("[1,[2,{\"a\":[]}]]", [1, [2, ["a": []]]]), ("{\"b\":1,\"a\":{\"b\":null}}", ["b": 1, "a": ["b": nil]]),
        (#""\"\\\/\b\f\n\r\tA\u00e9\u20AC""#, "\"\\/\u{8}\u{c}\n\r\tAé€"), (#""\ud83d\ude00!""#, "😀!"),
        (#""a\ud83d""#, "a\u{fffd}"), (#""\ude00b""#, "\u{fffd}b"), (#""\ud83dA""#, "\u{fffd}A"),
        (#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"), (#""\u0000""#, "\0"), ("\"\u{7f}é漢😀\"", "\u{7f}é漢😀"),
    ]

    @Test("Integers and numbers stay apart")
    func keepsIntegersApart() throws {
        #expect(try JSON(parsing: "1") != JSON(parsing: "1.0"))
        #expect(try JSON(parsing: "[1,1.0,1e0]").serialized() == "[1,1.0,1.0]")
    }

    @Test("The order of members survives; of equal keys the last wins at the place of the first")
    func keepsOrder() throws {
        let json = try JSON(parsing: #"{"z":1,"a":2,"m":3,"z":4}"#)
        #expect(json.objectValue?.keys.elements == ["z", "a", "m"])
        #expect(json["z"] == 4)
        #expect(json.serialized() == #"{"z":4,"a":2,"m":3}"#)
    }

    @Test("Errors name what was found and where", arguments: failures)
    func namesErrors(text: String, offset: Int, part: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }

    static let failures: [(String, Int, String)] = [
        ("", 0, "empty"), ("  ", 2, "empty"), ("\u{feff}{}", 0, "byte order mark"), ("[1,]", 3, "']' where a value"),
        ("[1 2]", 3, "'2' where ',' or ']'"), ("{\"a\" 1}", 5, "':'"), ("{\"a\":1,}", 7, "a key in quotes"),
        ("{a:1}", 1, "a key in quotes"), ("[", 1, "ends where a value"), ("\"abc", 4, "closing quote"),
        ("\"a\\", 3, "an escape"), ("\"\\x\"", 1, "backslash"), ("\"\\u12g4\"", 1, "backslash"),
        ("\"\\u12", 1, "backslash"),
        ("\"a\nb\"", 2, "byte 0x0A"), ("\"\\n\u{1}\"", 3, "byte 0x01"), ("01", 1, "after the end"),
        ("1.", 2, "a digit"),
        (".5", 0, "a value"), ("+1", 0, "a value"), ("-", 1, "a digit"), ("1e", 2, "a digit"), ("1e+", 3, "a digit"),
        ("NaN", 0, "a value"), ("nul", 3, "the word null"), ("nulx", 3, "the word null"), ("True", 0, "a value"),
        ("{} {}", 3, "after the end"), ("'a'", 0, "a value"), ("// c", 0, "a value"), ("[1e400]", 1, "1e400"),
        ("-1e999", 0, "-1e999"), ("\u{a0}1", 0, "byte 0xC2"),
    ]

    @Test(
        "A number that no double holds is named by the way to it",
        arguments: [
            ("1e400", nil), ("[1,1e400]", "[1]"), (#"{"a":1e400}"#, "a"), (#"{"a":{"b":[0,[1e400]]}}"#, "a.b[1][0]"),
            (#"[{"a":1e400}]"#, "[0].a"), (#"{"a":[1,]}"#, nil),
        ] as [(String, String?)])
    func namesTheField(text: String, field: String?) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.field == field)
        #expect(field == nil || error?.description.contains("(\(field ?? ""))") == true)
    }

    @Test(
        "Quoted texts are cut by scalars, whatever characters they make",
        arguments: [
            ("", ""), ("abc", "abc"), ("abcd", "abc…"), ("a\u{301}\u{301}\u{301}", "a\u{301}\u{301}…"), ("é😀x", "é😀x"),
        ])
    func shortens(text: String, short: String) {
        #expect(Array(text.shortened(to: 3).unicodeScalars) == Array(short.unicodeScalars))
        #expect(Array(text.dropFirst(0).shortened(to: 3).unicodeScalars) == Array(short.unicodeScalars))
    }

    @Test("Bytes that are not UTF-8 are an error at their offset")
    func refusesInvalidUTF8() {
        let cases: [(String, [UInt8])] = [
            ("lone continuation", [0x80]), ("overlong", [0xc0, 0xaf]), ("surrogate", [0xed, 0xa0, 0x80]),
            ("cut off", [0xe2, 0x82]), ("too large", [0xf4, 0x90, 0x80, 0x80]), ("never valid", [0xff]),
        ]
        for (name, bytes) in cases {
            for prefix in ["\"ab", "\"é\\n"] {
                let document = Array(prefix.utf8) + bytes + Array("c\"".utf8)
                let error = #expect(throws: JSONError.self, "\(name)") { try JSON(parsing: document) }
                #expect(error?.reason == .invalidUTF8, "\(name)")
                #expect(error?.offset == prefix.utf8.count, "\(name)")
            }
        }
    }

    @Test("Depth, size and length of numbers have limits")
    func keepsLimits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSON(parsing: nested(128)).arrayValue?.count == 1)
        var error = #expect(throws: JSONError.self) { try JSON(parsing: nested(129)) }
        #expect(error?.reason == .tooDeep(limit: 128))
        #expect(error?.offset == 128)
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "{\"a\":", count: 1_000_000)) }
        error = #expect(throws: JSONError.self) { try JSON(parsing: "[1,2]", limits: JSONLimits(bytes: 4)) }
        #expect(error?.reason == .tooLarge(bytes: 5, limit: 4))
        error = #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "7", count: 1025)) }
        #expect(error?.reason == .numberTooLong(limit: 1024))
        #expect(try JSON(parsing: "0." + String(repeating: "1", count: 1022)).doubleValue == 1.0 / 9)
    }

    @Test("Accessors give nil for other kinds")
    func readsValues() throws {
        let json: JSON = ["s": "t", "i": 3, "d": 2.5, "w": 4.0, "b": true, "n": nil, "a": [1, 2], "o": ["k": "v"]]
        #expect(json["s"]?.stringValue == "t")
        #expect(json["i"]?.integerValue == 3)
        #expect(json["i"]?.doubleValue == 3)
        #expect(json["d"]?.integerValue == nil)
        #expect(json["w"]?.integerValue == 4)
        #expect(json["b"]?.boolValue == true)
        #expect(json["n"]?.isNull == true)
        #expect(json["missing"] == nil)
        #expect(json["a"]?[1] == 2)
        #expect(json["a"]?[2] == nil)
        #expect(json["o"]?["k"] == "v")
        #expect(json["s"]?["k"] == nil)
        #expect(json["i"]?.boolValue == nil)
        #expect(JSON.number(1e300).integerValue == nil)
        #expect(try JSON(parsing: "-9223372036854775808").integerValue == .min)
        #expect(try JSON(parsing: "-9223372036854775809").integerValue == nil)
        #expect(try JSON(parsing: "9223372036854775808").integerValue == nil)
    }
}
