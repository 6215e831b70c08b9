import Jinja
import OrderedJSON
import Testing

@Suite("Errors")
struct ErrorTests {
    static func error(_ source: String) -> JinjaError? {
        guard case .error(let error) = Outcome(source, ["x": .init(["a": 1], trusted: false)]) else { return nil }
        return error
    }

    @Test(
        "Errors say where and what",
        arguments: [
            ("a\n  {{ missing.x }}", 2, 13, JinjaError.Kind.undefined, "'missing' is undefined"),
            ("{{ x.b.c }}", 1, 7, .undefined, "'dict object' has no attribute 'b'"),
            (
                "{% if 1 %}\n\n{{ raise_exception('Roles must alternate') }}{% endif %}", 3, 19, .raised,
                "Roles must alternate"
            ),
            ("{% for i in 5 %}{% endfor %}", 1, 4, .value, "'int' object is not iterable"),
            ("ab\n{% if %}", 2, 7, .syntax, "Expected an expression, got 'end of statement block'"),
            ("{{ é + 'a' - 1 }}", 1, 6, .undefined, "'é' is undefined"),
            ("{{ 'é' - 1 }}", 1, 8, .value, "unsupported operand type(s) for -: 'str' and 'int'"),
            (
                "{% if 1 %}", 1, 11, .syntax,
                "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'."
            ),
            (
                "{% if 1 %}{% endfor %}", 1, 14, .syntax,
                "Encountered unknown tag 'endfor'. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'."
            ),
            ("{{ x|nope }}", 1, 6, .syntax, "No filter named 'nope'."),
            ("{% include 'x' %}", 1, 4, .syntax, "the tag 'include' is not supported: a chat template stands alone"),
            ("{% extends 'x' %}", 1, 4, .syntax, "the tag 'extends' is not supported: a chat template stands alone"),
            ("{% import 'x' as y %}", 1, 4, .syntax, "the tag 'import' is not supported: a chat template stands alone"),
            ("{{ [].append(1) }}", 1, 13, .security, "access to attribute 'append' of 'list' object is unsafe."),
            ("{{ 9223372036854775807 + 1 }}", 1, 24, .value, "the result does not fit a 64-bit integer"),
            ("{{ 99999999999999999999 }}", 1, 4, .syntax, "the integer 99999999999999999999 does not fit 64 bits"),
        ])
    func namesPlace(source: String, line: Int, column: Int, kind: JinjaError.Kind, message: String) throws {
        let error = try #require(Self.error(source))
        #expect(error.kind == kind)
        #expect(error.message == message)
        #expect(error.line == line, "\(error)")
        #expect(error.column == column, "\(error)")
        #expect(error.description == "chat template, line \(line), column \(column): \(message)")
    }

    @Test("The clock is the environment's")
    func formatsTime() throws {
        let template = try Template("{{ strftime_now('%d %b %Y %H:%M:%S %j %U %V %G') }}")
        let times: [(Int, Int, String)] = [
            (0, 0, "01 Jan 1970 00:00:00 001 00 01 1970"), (-1, 0, "31 Dec 1969 23:59:59 365 52 01 1970"),
            (951_782_400, 3600, "29 Feb 2000 01:00:00 060 09 09 2000"),
            (1_609_459_199, 0, "31 Dec 2020 23:59:59 366 52 53 2020"),
            (1_609_459_200, -3600, "31 Dec 2020 23:00:00 366 52 53 2020"),
            (4_107_542_399, 0, "28 Feb 2100 23:59:59 059 09 08 2100"),
        ]
        for (seconds, offset, expected) in times {
            let time = LocalTime(secondsSinceEpoch: seconds, secondsFromUTC: offset)
            #expect(try template.render([:], environment: TemplateEnvironment(now: { time })).text == expected)
        }
    }
}
