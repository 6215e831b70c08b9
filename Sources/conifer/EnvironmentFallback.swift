internal import ArgumentParser
internal import Foundation

/// Reads `CONIFER_SOME_FLAG` where `--some-flag` was not given. Flags win.
struct EnvironmentFallback {
    let environment: [String: String]

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    /// The flag's value, else the variable's, else nil. An empty variable counts as unset.
    /// - Parameters:
    ///   - flag: the value given on the command line.
    ///   - name: the flag's name, without dashes in front: `some-flag`.
    func value<Value: ExpressibleByArgument>(_ flag: Value?, _ name: String) throws -> Value? {
        if let flag {
            return flag
        }
        let variable = "CONIFER_" + name.uppercased().replacing("-", with: "_")
        guard let text = environment[variable], !text.isEmpty else { return nil }
        guard let value = Value(argument: text) else {
            throw ValidationError("\(variable) is '\(text)', which --\(name) does not take: see 'conifer help serve'")
        }
        return value
    }

    /// The same for a flag that may be given several times; the variable separates values with commas.
    func values(_ flags: [String], _ name: String) throws -> [String] {
        if !flags.isEmpty {
            return flags
        }
        return try (value(nil as String?, name) ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }
}
