import Synchronization

/// Holds a value until it is taken out, once: a closure that captures this does not keep the value alive to its own end.
final class LastReference<Value: Sendable>: Sendable {
    private let held: Mutex<Value?>

    init(_ value: Value) { held = Mutex(value) }

    /// The value, while it is here.
    var value: Value? { held.withLock { $0 } }

    @discardableResult
    func take() -> Value? { held.withLock { $0.take() } }
}
