internal import Foundation
internal import Tokenization
internal import Transformers

/// One model's engine: a thread of its own that computes steps while there are turns, and sleeps while there are none.
///
/// A step is the next token of every running turn and a bounded chunk of prefill (`StepPlanner`). Turns join and leave
/// between steps. A turn is admitted once the KV cache has room for all it may come to need, so no running turn can run
/// out of room; until then it waits, oldest first.
final class Engine: Sendable {
    enum Command: Sendable {
        case submit(TurnRequest)
        /// A client has left: look at the turns again.
        case lookAround
        case stop
    }

    private let mailbox = Mailbox<Command>()
    private let stopped = Latch()

    /// Starts the thread, which owns the loop from then on.
    init(_ loop: sending EngineLoop) {
        let handover = Handover(loop)
        let thread = Thread { [mailbox, stopped] in
            handover.run(mailbox)
            stopped.open()
        }
        thread.name = "conifer.engine"
        thread.stackSize = Limits.engineStackBytes
        thread.start()
    }

    /// Hands a turn over; an engine that has been stopped cuts it at once.
    func submit(_ request: TurnRequest) {
        if !mailbox.post(.submit(request)) {
            request.fail(.stopped)
        }
    }

    /// Makes the thread notice a cancelled turn even while it sleeps.
    func noticeCancellation() {
        _ = mailbox.post(.lookAround)
    }

    /// Cuts all turns and ends the thread; returns when what it owned has been freed.
    func stop() async {
        _ = mailbox.post(.stop)
        await stopped.wait()
    }

    deinit {
        _ = mailbox.post(.stop)
    }
}

/// Carries the loop to its thread, where it is taken out once; nobody else holds it.
private final class Handover: @unchecked Sendable {
    private var loop: EngineLoop?

    init(_ loop: sending EngineLoop) {
        self.loop = loop
    }

    /// Runs the loop to its end, and frees it there.
    func run(_ mailbox: Mailbox<Engine.Command>) {
        loop?.run(mailbox)
        loop = nil
    }
}
