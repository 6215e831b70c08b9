import Jinja
import OrderedJSON
import Testing

@Suite("Random templates")
struct RandomTemplateTests {
    @Test("Mutated snippets render or fail, within their limits and on a small stack")
    func survivesMutations() throws {
        let reference = try Reference.json("snippets.json")
        let sources = try #require(reference["snippets"]?.arrayValue).compactMap { $0["template"]?.stringValue }
        let context = Reference.context(TrustTests.veiled(try #require(reference["context"])))
        SmallStack.run {
            var generator = TemplateGenerator(seed: 11)
            var outputs = 0
            for _ in 0..<6000 {
                var source = sources[generator.number(sources.count)]
                if generator.number(3) == 0 { source += sources[generator.number(sources.count)] }
                for _ in 0..<1 + generator.number(3) { source = generator.mutate(source) }
                if Self.check(source, context) { outputs += 1 }
            }
            #expect(outputs > 500)
        }
    }

    @Test("Templates made from the grammar render or fail, within their limits and on a small stack")
    func survivesGrammar() throws {
        let reference = try Reference.json("snippets.json")
        let context = Reference.context(TrustTests.veiled(try #require(reference["context"])))
        SmallStack.run {
            var generator = TemplateGenerator(seed: 12)
            var outputs = 0
            for _ in 0..<6000 where Self.check(generator.body(depth: 4), context) { outputs += 1 }
            #expect(outputs > 500)
        }
    }

    /// Renders with small limits. Whatever comes out has ranges in order, and no untrusted text in them.
    static func check(_ source: String, _ context: [String: TemplateValue]) -> Bool {
        var environment = Reference.environment
        environment.limits.steps = 50_000
        environment.limits.textBytes = 1 << 20
        do throws(JinjaError) {
            let rendered = try Template(source).render(context, environment: environment)
            var end = -1
            for range in rendered.trustedRanges {
                #expect(range.lowerBound > end && !range.isEmpty, "\(source)")
                end = range.upperBound
            }
            #expect(end <= rendered.text.utf8.count, "\(source)")
            #expect(!TrustTests.leaks(rendered), "\(source): \(TrustTests.mark(rendered))")
            return true
        } catch {
            #expect(!error.message.isEmpty || error.kind == .raised, "\(source)")
            return false
        }
    }
}

/// Makes templates by chance, the same ones for the same seed.
struct TemplateGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func number(_ count: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(count))
    }

    private mutating func pick(_ choices: [String]) -> String { choices[number(choices.count)] }

    mutating func mutate(_ source: String) -> String {
        var scalars = Array(source.unicodeScalars)
        let index = number(scalars.count + 1)
        switch number(4) {
        case 0 where index < scalars.count: scalars.remove(at: index)
        case 1 where index < scalars.count: scalars.swapAt(index, number(scalars.count))
        case 2: scalars.removeSubrange(index...)
        default: scalars.insert(contentsOf: pick(Self.pieces).unicodeScalars, at: index)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static let pieces = [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":", "'", "\"", "~",
        "==",
        " if ", " else ", " in ", " is ", " not ", "loop", "é", "\n", "9", "1e9", "none", "items", "user", "**", "%",
        "\\", "*",
        "{% for i in items %}", "{% endfor %}", "{% set x = ", "|list", "|map('upper')", ".format(", "[::-1]",
        "caller()",
    ]
    private static let names = [
        "name", "items", "user", "people", "words", "mixed", "n", "emoji", "missing", "x", "loop", "tree",
    ]
    private static let filters = [
        "list", "length", "upper", "trim", "join(', ')", "sort", "reverse", "first", "last", "tojson", "string", "int",
        "float",
        "map('string')", "map(attribute='name')", "select('defined')", "rejectattr('age', 'none')", "default('d')",
        "unique",
        "batch(2)", "groupby('team')", "dictsort", "items", "sum", "min", "max", "indent", "replace('a', n)", "round",
        "abs",
        "safe", "e", "title", "urlencode", "truncate(5)", "slice(2)", "attr('name')", "from_json", "format(n)",
        "wordcount",
    ]
    private static let suffixes = [
        ".name", "[0]", "[-1]", "[1:]", "[::-1]", ".items()", ".keys()", ".get('name')", ".split('a')", ".strip()",
        ".upper()",
        ".format(1, 2)", "['a']", "()", "(1)", ".index", ".append(1)", ".find('e')", ".startswith('a')", "[:2]",
        ".join(words)",
    ]
    private static let operators = [
        "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or",
    ]
    private static let tests = [
        "defined", "none", "string", "mapping", "iterable", "odd", "eq 1", "in items", "sameas x",
    ]

    mutating func expression(depth: Int) -> String {
        guard depth > 0 else {
            return pick(Self.names + ["1", "-2", "3.5", "'a%sb{}'", "'é'", "true", "none", "[]", "{}", "''"])
        }
        let inner = expression(depth: depth - 1)
        switch number(12) {
        case 0, 1: return inner + "|" + pick(Self.filters)
        case 2, 3: return inner + pick(Self.suffixes)
        case 4, 5: return "(\(inner) \(pick(Self.operators)) \(expression(depth: depth - 1)))"
        case 6: return "\(inner) is \(pick(["", "not "]))\(pick(Self.tests))"
        case 7: return "[\(inner), \(expression(depth: depth - 1))]"
        case 8: return "{'k': \(inner)}"
        case 9: return "(\(inner) if \(expression(depth: depth - 1)) else \(expression(depth: depth - 1)))"
        case 10: return "not \(inner)"
        default: return pick(Self.names)
        }
    }

    mutating func body(depth: Int) -> String {
        var text = ""
        for _ in 0...number(3) { text += statement(depth: depth) }
        return text
    }

    private mutating func statement(depth: Int) -> String {
        let value = expression(depth: number(4))
        guard depth > 0 else { return "{{ \(value) }}" }
        switch number(13) {
        case 0: return "{% for x in \(value) %}\(body(depth: depth - 1)){% endfor %}"
        case 1:
            return "{% for x in \(value) if \(expression(depth: 1)) %}{{ loop.index }}{{ x }}{% else %}e{% endfor %}"
        case 2: return "{% if \(value) %}\(body(depth: depth - 1)){% else %}\(body(depth: depth - 1)){% endif %}"
        case 3: return "{% set \(pick(Self.names)) = \(value) %}"
        case 4: return "{% set x %}\(body(depth: depth - 1)){% endset %}"
        case 5: return "{% macro x(a, b=\(value)) %}\(body(depth: depth - 1)){{ a }}{% endmacro %}{{ x(\(value)) }}"
        case 6: return "{% with x = \(value) %}\(body(depth: depth - 1)){% endwith %}"
        case 7: return "{% filter upper %}\(body(depth: depth - 1)){% endfilter %}"
        case 8: return "{% set ns = namespace(x=\(value)) %}{% set ns.x = \(expression(depth: 2)) %}{{ ns.x }}"
        case 9: return "{% for x in tree recursive %}{{ loop(x.kids) }}{{ \(value) }}{% endfor %}"
        case 10: return " text\n  "
        default: return "{{ \(value) }}"
        }
    }
}
