import Synchronization

/// Holds a value until it is taken out, once: a closure that captures this does not keep the value alive to its own end.
final class LastReference<Value: Sendable>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: Value) { self.value = Mutex(value) }

    func take() -> Value? { value.withLock { $0.take() } }
}
