import Jinja
import OrderedCollections
import OrderedJSON
import Testing

@Suite("Limits")
struct LimitTests {
    static func nest(_ open: String, _ close: String, _ depth: Int, inside: String = "1") -> String {
        String(repeating: open, count: depth) + inside + String(repeating: close, count: depth)
    }

    /// Sources that nest as deep as they are told, of every kind that can.
    static let nestings: [(String, @Sendable (Int) -> String)] = [
        ("parentheses", { "{{ " + nest("(", ")", $0) + " }}" }), ("lists", { "{{ " + nest("[", "]", $0) + " }}" }),
        ("mappings", { "{{ " + nest("{'a': ", "}", $0) + " }}" }), ("not", { "{{ " + nest("not ", "", $0) + " }}" }),
        ("signs", { "{{ " + nest("- ", "", $0) + " }}" }), ("indices", { "{{ " + nest("x[", "]", $0) + " }}" }),
        ("calls", { "{{ " + nest("range(", ")", $0) + " }}" }),
        ("filters", { "{{ " + nest("1|default(", ")", $0) + " }}" }),
        ("tests", { "{{ " + nest("1 is eq (", ")", $0) + " }}" }),
        ("else", { "{{ " + nest("0 if 0 else ", "", $0) + " }}" }),
        ("operators", { "{{ " + nest("1 + 2 * (", ")", $0) + " }}" }),
        ("if", { nest("{% if 1 %}", "{% endif %}", $0) }),
        ("for", { nest("{% for i in [1] %}", "{% endfor %}", $0) }),
        ("macro", { nest("{% macro m() %}", "{% endmacro %}", $0) }),
        ("set", { nest("{% set x %}", "{% endset %}", $0) }), ("with", { nest("{% with %}", "{% endwith %}", $0) }),
        ("filter blocks", { nest("{% filter upper %}", "{% endfilter %}", $0) }),
        ("generation", { nest("{% generation %}", "{% endgeneration %}", $0) }),
        ("call", { "{% macro m() %}{{ caller() }}{% endmacro %}" + nest("{% call m() %}", "{% endcall %}", $0) }),
        ("for targets", { "{% for " + nest("(", ",)", $0, inside: "a") + " in [] %}{% endfor %}" }),
        (
            "all at once",
            {
                nest(
                    "{% for i in [[{'a': (1 if not -x[0]|default(1) else 2)}]] %}{% if i %}", "{% endif %}{% endfor %}",
                    $0)
            }
        ),
    ]

    @Test("What is nested too deeply is an error, even on a small stack", arguments: nestings.indices)
    func limitsNesting(index: Int) {
        let (name, source) = Self.nestings[index]
        SmallStack.run {
            for depth in [1, 10, 25, 50, 60, 62, 64, 70, 1000, 20_000] {
                let outcome = Outcome(source(depth), [:])
                if depth >= 70, case .error(let error) = outcome {
                    #expect(error.kind == .limit || error.kind == .syntax, "\(name) \(depth): \(error)")
                } else if depth >= 70 {
                    Issue.record("\(name) \(depth): \(outcome)")
                }
                if depth <= 10, case .error(let error) = outcome { #expect(error.kind != .limit, "\(name): \(error)") }
            }
        }
    }

    @Test("Long chains are no nesting")
    func allowsChains() throws {
        func chain(_ part: String, _ count: Int) -> String { String(repeating: part, count: count) }
        let sources = [
            "{{ 1" + chain(" + 1", 5000) + " }}", "{{ 1" + chain(" ~ 1", 5000) + " }}",
            "{{ 1" + chain("|string", 5000) + " }}",
            "{{ 1" + chain(" and 1", 5000) + " }}", "{{ 1" + chain(" < 2", 5000) + " }}",
            "{{ ''" + chain(".strip()", 5000) + " }}",
            "{% if 0 %}" + chain("{% elif 0 %}", 5000) + "{% endif %}", chain("{% if 1 %}{{ a }}{% endif %}", 5000),
            "{{ 1" + chain(" * 1", 5000) + " }}", "{{ [1" + chain(", 1", 5000) + "] }}", chain("{% set x = 1 %}", 5000),
        ]
        SmallStack.run {
            for source in sources {
                guard case .output = Outcome(source, [:]) else {
                    Issue.record("\(source.prefix(40)): \(Outcome(source, [:]))")
                    continue
                }
            }
        }
    }

    /// Templates that try to take everything; each must end with an error of a limit.
    static let greedy: [String] = [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% macro m(x) %}{{ m(m(x)) }}{% endmacro %}{{ m(1) }}",
        "{% macro m() %}{% for i in [1] %}{% if 1 %}{% set x %}{{ [{'a': m()|upper}] }}{% endset %}{% endif %}{% endfor %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% call m() %}{{ caller }}{% endcall %}{{ caller }}{% endmacro %}{{ m() }}",
        "{% macro m(f) %}{{ f(f) }}{% endmacro %}{{ m(m) }}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for i in range(100000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = ns.x|map('string') %}{% endfor %}{{ ns.x|list }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = ns.x|reverse %}{% endfor %}{{ ns.x|list }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = cycler(ns.x).next %}{% set ns.x = [ns.x] %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{{ 'a' * 10000000000 }}", "{{ [0] * 10000000000 }}", "{{ 'aaaa' * 4611686018427387904 }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ '{:9999999999}'.format(1) }}", "{{ 'a'.center(9999999999) }}", "{{ 'a'.zfill(9999999999) }}",
        "{{ '%.9999999999f' % 1 }}",
        "{{ 'a'|indent(9999999999) }}", "{{ [1]|tojson(indent=9999999999) }}", "{{ range(100001) }}",
        "{{ range(-9223372036854775807, 9223372036854775807) }}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{{ 'a' * 100000 }}{% endfor %}",
        "{% for i in range(100000) %}{% set x = 'a' * 100000 %}{% endfor %}",
        "{% for i in range(100000) %}{{ range(100000)|list|length }}{% endfor %}",
        "{{ ('a' * 1000000).replace('', 'b' * 1000000) }}",
        "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}", "{{ ('b' * 1000000).join('a' * 1000000) }}",
        "{{ [1]|batch(10000000000, 1)|list }}",
        "{{ [1]|slice(10000000000)|list }}", "{{ 'a\tb'.expandtabs(10000000000) }}",
        "{% set t = 'aB' * 500000 %}{% for i in range(100000) %}{{ t|upper|lower|title|length }}{% endfor %}",
        "{% set t = 'é ' * 300000 %}{% for i in range(100000) %}{{ [t]|string|length }}{{ t.swapcase()|e|urlencode|length }}{% endfor %}",
    ]

    @Test("Greedy templates end with an error", arguments: greedy)
    func endsGreed(source: String) {
        SmallStack.run {
            var environment = TemplateEnvironment()
            environment.limits.steps = 1_000_000
            let outcome = Outcome(source, [:], environment)
            guard case .error(let error) = outcome else {
                Issue.record("\(source): \(outcome.description.prefix(200))")
                return
            }
            #expect(error.kind == .limit, "\(error)")
        }
    }

    @Test("Circles and long chains of objects are taken apart")
    func releasesChains() {
        let sources = [
            "{% set ns = namespace() %}{% set ns.x = ns %}ok",
            "{% set ns = namespace(x=none) %}{% for i in range(100000) %}{% set ns.x = namespace(y=ns.x) %}{% endfor %}ok",
            "{% set ns = namespace(f=none) %}{% macro m(g) %}{% macro n() %}{{ g }}{% endmacro %}{% set ns.f = n %}{% endmacro %}{% for i in range(50000) %}{{ m(ns.f) }}{% endfor %}ok",
            "{% set ns = namespace(l=1) %}{% for i in range(50000) %}{% for j in [ns.l] %}{% set ns.l = loop %}{% endfor %}{% endfor %}ok",
            "{% set ns = namespace(u=none) %}{% for i in range(50000) %}{% set ns.u = ns.u.x if loop.first else {}.y %}{% endfor %}ok",
        ]
        SmallStack.run {
            for source in sources {
                let outcome = Outcome(source, [:])
                guard case .output(let text) = outcome, text.hasSuffix("ok") else {
                    Issue.record("\(source): \(outcome)")
                    continue
                }
            }
        }
    }

    @Test("A text that grows in a loop is not copied each time")
    func growsInPlace() throws {
        let source =
            "{% set ns = namespace(t='') %}{% for i in range(100000) %}{% set ns.t = ns.t ~ '0123456789' %}{% endfor %}{{ ns.t|length }}"
        #expect(Outcome(source, [:]) == .output("1000000"))
    }

    @Test("Values as deep as JSON allows can be printed, compared and written")
    func handlesDeepValues() throws {
        var value: JSON = ["end": 1]
        for _ in 0..<126 { value = ["next": value] }
        let context = ["value": TemplateValue(value, trusted: false), "other": TemplateValue(value, trusted: false)]
        SmallStack.run {
            let source =
                "{{ value == other }}{{ value|string|length == other|string|length }}{{ value|tojson|from_json == value }}"
            #expect(Outcome(source, context) == .output("TrueTrueTrue"))
        }
    }

    @Test("The limits are those of the environment")
    func takesLimits() throws {
        var environment = TemplateEnvironment()
        environment.limits.textBytes = 10
        let template = try Template("{{ 'abcde' * n }}")
        #expect(try template.render(["n": .init(2, trusted: true)], environment: environment).text == "abcdeabcde")
        let error = #expect(throws: JinjaError.self) {
            try template.render(["n": .init(3, trusted: true)], environment: environment)
        }
        #expect(error?.kind == .limit)
        var limits = TemplateLimits()
        limits.sourceBytes = 3
        #expect(throws: JinjaError.self) { try Template("abcd", limits: limits) }
    }
}
