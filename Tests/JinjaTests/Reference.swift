import Jinja
import OrderedCollections
import OrderedJSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What Python's Jinja2 gave, kept in the folder `reference` beside this file.
enum Reference {
    static func json(_ name: String) throws -> JSON {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return try JSON(parsing: try bytes(folder + "/reference/" + name))
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw MissingFile(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    struct MissingFile: Error {
        let path: String
    }

    /// The clock of the reference: 2031-03-05 14:07:09.
    static let environment = TemplateEnvironment(now: { LocalTime(secondsSinceEpoch: 1_930_486_029) })

    /// A case's variables: the vocabulary's tokens and the roles of messages are trusted, all else is not.
    static func context(_ variables: JSON) -> [String: TemplateValue] {
        var context: [String: TemplateValue] = [:]
        for (name, value) in variables.objectValue ?? [:] {
            if name == "messages" {
                context[name] = TemplateValue((value.arrayValue ?? []).map(message))
            } else {
                context[name] = TemplateValue(value, trusted: name.hasSuffix("_token"))
            }
        }
        return context
    }

    private static func message(_ json: JSON) -> TemplateValue {
        var members: OrderedDictionary<String, TemplateValue> = [:]
        for (key, value) in json.objectValue ?? [:] {
            members[key] = TemplateValue(value, trusted: key == "role")
        }
        return TemplateValue(members)
    }
}

/// What a render gave, in the words of the reference.
enum Outcome: Equatable, CustomStringConvertible {
    case output(String)
    case error(JinjaError)

    init(
        _ source: String, _ context: [String: TemplateValue], _ environment: TemplateEnvironment = Reference.environment
    ) {
        do throws(JinjaError) {
            self.init(try Template(source), context, environment)
        } catch {
            self = .error(error)
        }
    }

    init(
        _ template: Template, _ context: [String: TemplateValue],
        _ environment: TemplateEnvironment = Reference.environment
    ) {
        do throws(JinjaError) {
            self = .output(try template.render(context, environment: environment).text)
        } catch {
            self = .error(error)
        }
    }

    var description: String {
        switch self {
        case .output(let text): "output \(text.debugDescription)"
        case .error(let error): "\(error.kind): \(error.description)"
        }
    }

    /// Whether this is the error that Python raised. Messages are compared where they are Jinja's own; those of Python's
    /// types differ from version to version.
    func isError(_ className: String, _ message: String) -> Bool {
        guard case .error(let error) = self else { return false }
        switch className {
        case "raised": return error.kind == .raised && error.message == message
        case "UndefinedError": return error.kind == .undefined && error.message == message
        case "SecurityError": return error.kind == .security && error.message == message
        case "TemplateSyntaxError", "TemplateAssertionError", "SyntaxError": return error.kind == .syntax
        default: return error.kind == .value || error.kind == .runtime || error.kind == .limit
        }
    }
}
