internal import Foundation

/// Commands to a thread that sleeps while it has nothing to do.
final class Mailbox<Command: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var commands: [Command] = []
    private var isClosed = false

    /// Leaves a command and wakes the thread; false if the mailbox is closed, and nobody will ever take it.
    func post(_ command: Command) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return false }
        commands.append(command)
        condition.signal()
        return true
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

    /// Takes what is left, and takes nothing more from now on.
    func close() -> [Command] {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        defer { commands = [] }
        return commands
    }
}
