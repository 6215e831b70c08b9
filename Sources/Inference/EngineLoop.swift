internal import GGUF
internal import Tensors
internal import Transformers

/// What the engine's thread does. Owned by that thread alone.
struct EngineLoop {
    private let name: String
    private let model: TransformerModel
    private let cache: KVCache
    private let context: ForwardContext
    private let planner: StepPlanner
    private let parallelTurns: Int
    private let blockCapacity: Int

    private var waiting: [TurnRequest] = []
    private var turns: [Turn] = []
    private var nextID = 0
    private var isStopping = false
    /// Cost of prefill that a second did, in the planner's measure, as the last steps were; nil before the first.
    private var prefillSpeed: Double?

    /// Takes the memory that the plan allows.
    init(_ plan: LoadPlan) throws(InferenceError) {
        do {
            model = plan.model
            cache = try KVCache(layout: model.hyperparameters.cacheLayout, limitBytes: plan.cacheBytes)
            context = try ForwardContext(
                for: model, pool: ThreadPool(threads: plan.threads), level: .chosen(),
                maximumRows: Limits.rowsPerStep, maximumLogitRows: Limits.logitRowsPerStep)
        } catch {
            throw .engine(reason: "\(error)")
        }
        name = plan.information.name
        parallelTurns = plan.parallelTurns
        blockCapacity = cache.limitBytes / cache.layout.blockBytes
        let shape = model.hyperparameters
        planner = StepPlanner(
            maximumRows: Limits.rowsPerStep, maximumLogitRows: Limits.logitRowsPerStep,
            depthCost: Limits.attentionCost * Double(shape.attentionProducts) / Double(shape.matrixProducts))
    }

    /// Runs until it is told to stop.
    mutating func run(_ mailbox: Mailbox<Engine.Command>) {
        while !isStopping {
            for command in mailbox.take(waiting: turns.isEmpty && waiting.isEmpty) {
                switch command {
                case .submit(let request): waiting.append(request)
                case .lookAround: break
                case .stop: isStopping = true
                }
            }
            dropCancelled()
            admit()
            step()
        }
        for case .submit(let request) in mailbox.close() {
            waiting.append(request)
        }
        endAll(with: .stopped)
    }

    private mutating func dropCancelled() {
        waiting.removeAll(where: \.cancellation.isCancelled)
        for turn in turns where turn.request.cancellation.isCancelled {
            cache.close(turn.sequence)
        }
        turns.removeAll(where: \.request.cancellation.isCancelled)
    }

    /// Lets waiting turns in, oldest first, while there is room for all that they may come to need.
    private mutating func admit() {
        while let request = waiting.first, turns.count < parallelTurns {
            let tokens = request.prompt.tokens.count + request.maximumTokens
            // One block more for a partly filled one that is copied when its owner goes another way.
            let blocks = (tokens + KVBlockLayout.tokens - 1) / KVBlockLayout.tokens + 1
            guard turns.reduce(blocks, { $0 + $1.blocks }) <= blockCapacity || turns.isEmpty else { return }
            waiting.removeFirst()
            turns.append(Turn(request, id: nextID, blocks: blocks, cache: cache))
            nextID += 1
        }
    }

    private mutating func step() {
        let plan = planner.plan(
            turns.map {
                StepPlanner.Turn(
                    id: $0.id, promptTokensLeft: $0.isDecoding ? 0 : $0.pending.count, depth: $0.sequence.count,
                    scoresPrompt: $0.work.scoresPrompt)
            },
            prefillBound: prefillBound)
        guard !plan.isEmpty else { return }
        let entries = plan.map { part in
            let turn = turn(part.id)
            return turn.work.entry(
                turn.sequence, turn.pending.prefix(part.tokens), completesPrompt: part.completesPrompt)
        }
        let cancellations = plan.map { turn($0.id).request.cancellation }
        let cost = prefillCost(plan)
        let start = ContinuousClock.now
        do {
            let output = try model.forward(Batch(entries), cache: cache, in: context) {
                cancellations.allSatisfy(\.isCancelled)
            }
            measure(cost, seconds: (ContinuousClock.now - start) / .seconds(1))
            guard !model.file.isDamaged else { return endAll(with: .fileChanged(name: name)) }
            deliver(output, of: plan)
        } catch ForwardError.cancelled {
            // All turns of the step have lost their clients; the next look around drops them.
            return
        } catch {
            for part in plan {
                end(part.id, with: error)
            }
        }
    }

    /// Gives every turn its part of the step's results.
    private mutating func deliver(_ output: ForwardOutput, of plan: [StepPlanner.Part]) {
        for (entry, part) in plan.enumerated() {
            let index = index(part.id)
            turns[index].pending.removeFirst(part.tokens)
            do {
                switch try turns[index].work.take(output, entry: entry, completesPrompt: part.completesPrompt) {
                case .prefilling: continue
                case .next(let token):
                    turns[index].isDecoding = true
                    turns[index].pending = [token]
                case .over: close(index)
                }
            } catch {
                end(part.id, with: error)
            }
        }
    }

    /// Ends a turn that failed; the engine lives on.
    private mutating func end(_ id: Int, with error: any Error) {
        let index = index(id)
        turns[index].request.fail(model.file.isDamaged ? .fileChanged(name: name) : .engine(reason: "\(error)"))
        close(index)
    }

    /// Ends every turn, those that wait included.
    private mutating func endAll(with error: InferenceError) {
        for turn in turns {
            cache.close(turn.sequence)
        }
        for request in turns.map(\.request) + waiting {
            request.fail(error)
        }
        turns = []
        waiting = []
    }

    private mutating func close(_ index: Int) {
        cache.close(turns[index].sequence)
        turns.remove(at: index)
    }

    /// What prefill may cost in a step that also decodes.
    private var prefillBound: Double {
        guard let prefillSpeed else { return Limits.firstPrefillBound }
        return prefillSpeed * (Limits.prefillShare / .seconds(1))
    }

    private func prefillCost(_ plan: [StepPlanner.Part]) -> Double {
        plan.filter { $0.tokens > 1 }
            .reduce(0) { $0 + planner.cost(tokens: $1.tokens, depth: turn($1.id).sequence.count) }
    }

    private mutating func measure(_ prefillCost: Double, seconds: Double) {
        guard prefillCost >= Limits.firstPrefillBound / 2 else { return }
        let speed = prefillCost / seconds
        prefillSpeed = prefillSpeed.map { 0.7 * $0 + 0.3 * speed } ?? speed
    }

    private func index(_ id: Int) -> Int {
        guard let index = turns.firstIndex(where: { $0.id == id }) else {
            preconditionFailure("a plan names only turns that run")
        }
        return index
    }

    private func turn(_ id: Int) -> Turn {
        turns[index(id)]
    }
}
