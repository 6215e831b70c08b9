/// A command cannot be carried out: one line that says what, why, and what to do. Exit code 1.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
