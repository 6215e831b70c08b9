internal import Foundation

/// Commands to a thread that sleeps while it has nothing to do.
final class Mailbox<Command: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var commands: [Command] = []

    /// Leaves a command and wakes the thread.
    func post(_ command: Command) {
        condition.lock()
        defer { condition.unlock() }
        commands.append(command)
        condition.signal()
    }

    /// Takes all commands, oldest first.
    /// - Parameter waiting: whether to sleep until there is at least one.
    func take(waiting: Bool) -> [Command] {
        condition.lock()
        defer { condition.unlock() }
        while waiting, commands.isEmpty {
            condition.wait()
        }
        defer { commands = [] }
        return commands
    }
}
