/// A chat template: parsed once, rendered as often as needed.
///
/// The language is Jinja as Python's Jinja2 runs it with the settings of the `transformers` library: `trim_blocks` and
/// `lstrip_blocks`, `break` and `continue`, `{% generation %}`, `raise_exception`, `strftime_now`, a `tojson` that writes
/// plain JSON, and a sandbox in which values cannot be changed. `include`, `import`, `extends`, `block` and `autoescape`
/// are refused; `from_json`, which some publishers' templates use, is added.
public struct Template: Sendable {
    let program: Program

    /// Parses a template.
    ///
    /// - Throws: `JinjaError` with line and column when the source is no valid template, or is larger or more deeply
    ///   nested than the limits allow.
    public init(_ source: String, limits: TemplateLimits = .init()) throws(JinjaError) {
        program = try Program(source, limits: limits)
    }

    /// Renders the template with some variables.
    ///
    /// Variables that are absent are undefined in the template, which is not the same as null: `tools` should be passed
    /// as null when there are none, since that is what templates are written for.
    ///
    /// - Throws: `JinjaError`; of kind `raised` when the template refused its input, with the template's own words.
    public func render(
        _ context: [String: TemplateValue], environment: TemplateEnvironment = .init()
    ) throws(JinjaError) -> RenderedText {
        let interpreter = Interpreter(program, context.mapValues { $0.makeValue() }, environment)
        // Closures and namespaces may refer to each other in circles; whatever happens they are taken apart.
        defer { interpreter.tearDown() }
        do throws(JinjaError) {
            return RenderedText(try interpreter.renderTemplate())
        } catch {
            var placed = error
            placed.place(at: interpreter.position)
            throw placed
        }
    }
}
