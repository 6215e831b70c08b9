internal import Foundation

/// Standard output and standard error, and whether a person is looking.
enum Terminal {
    /// Whether standard output is a terminal: colour, progress and widths only then.
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    /// Whether standard error is one.
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1
    /// Whether standard input is one: a prompt is asked for only then.
    static let inputIsTerminal = isatty(STDIN_FILENO) == 1

    /// Writes text to standard output at once; ends the process quietly if nobody reads any more (`conifer list | head`).
    static func write(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            exit(0)
        }
    }

    /// Writes a line to standard output.
    static func line(_ text: String) {
        write(text + "\n")
    }

    /// Writes a line to standard error.
    static func note(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Replaces the current line of a terminal's standard error; nothing in a pipe.
    static func progress(_ text: String) {
        guard errorIsTerminal else { return }
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Takes the progress line away.
    static func endProgress() {
        progress("")
    }

    /// Dims text on a terminal.
    static func dim(_ text: String) -> String {
        outputIsTerminal ? "\u{1B}[2m\(text)\u{1B}[0m" : text
    }
}
