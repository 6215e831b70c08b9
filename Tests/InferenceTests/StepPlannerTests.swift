import Testing

@testable import Inference

@Suite("Step planning")
struct StepPlannerTests {
    private let planner = StepPlanner(maximumRows: 8, maximumLogitRows: 4)

    @Test("every decoding turn gets one token, whatever prefills wait")
    func decode() {
        let parts = planner.plan(
            [
                .init(id: 1, promptTokensLeft: 100), .init(id: 2, promptTokensLeft: 0),
                .init(id: 3, promptTokensLeft: 0),
            ],
            prefillBound: 4)
        #expect(
            parts == [
                .init(id: 2, tokens: 1, completesPrompt: true), .init(id: 3, tokens: 1, completesPrompt: true),
                .init(id: 1, tokens: 4, completesPrompt: false),
            ])
    }

    @Test("a lone prefill takes whole steps")
    func prefillAlone() {
        #expect(
            planner.plan([.init(id: 1, promptTokensLeft: 100)], prefillBound: 2)
                == [.init(id: 1, tokens: 8, completesPrompt: false)])
    }

    @Test("only the last chunk of a prompt asks for logits, and what is left of the step serves the next prompt")
    func lastChunk() {
        #expect(
            planner.plan([.init(id: 1, promptTokensLeft: 3), .init(id: 2, promptTokensLeft: 9)], prefillBound: 2)
                == [.init(id: 1, tokens: 3, completesPrompt: true), .init(id: 2, tokens: 5, completesPrompt: false)])
    }

    @Test("a step never exceeds its rows, and decoding turns beyond them wait")
    func full() {
        let parts = planner.plan((0..<10).map { .init(id: $0, promptTokensLeft: 0) }, prefillBound: 4)
        #expect(parts.map(\.tokens).reduce(0, +) == 8)
        let mixed = planner.plan(
            (0..<8).map { .init(id: $0, promptTokensLeft: 0) } + [.init(id: 9, promptTokensLeft: 5)], prefillBound: 4)
        #expect(mixed.map(\.tokens).reduce(0, +) == 8)
    }

    @Test("a prefill always moves on beside decoding turns")
    func progress() {
        let parts = planner.plan(
            [.init(id: 1, promptTokensLeft: 0), .init(id: 2, promptTokensLeft: 9)], prefillBound: 0)
        #expect(parts.last == .init(id: 2, tokens: 1, completesPrompt: false))
    }

    @Test("a scored prompt takes as many rows as there are logits for, and leaves every other turn one")
    func scored() {
        #expect(
            planner.plan([.init(id: 1, promptTokensLeft: 9, scoresPrompt: true)], prefillBound: 8)
                == [.init(id: 1, tokens: 4, completesPrompt: false)])
        let parts = planner.plan(
            [
                .init(id: 1, promptTokensLeft: 0), .init(id: 2, promptTokensLeft: 9, scoresPrompt: true),
                .init(id: 3, promptTokensLeft: 5, scoresPrompt: true), .init(id: 4, promptTokensLeft: 1),
            ], prefillBound: 8)
        #expect(
            parts == [
                .init(id: 1, tokens: 1, completesPrompt: true), .init(id: 2, tokens: 1, completesPrompt: false),
                .init(id: 3, tokens: 1, completesPrompt: false), .init(id: 4, tokens: 1, completesPrompt: true),
            ])
    }

    @Test("beside decoding turns a prefill takes fewer tokens the more of them each sees")
    func depth() {
        let planner = StepPlanner(maximumRows: 512, maximumLogitRows: 4, depthCost: 0.001)
        func tokens(at depth: Int) -> Int {
            planner.plan(
                [.init(id: 1, promptTokensLeft: 0), .init(id: 2, promptTokensLeft: 9999, depth: depth)],
                prefillBound: 100
            ).last?.tokens ?? 0
        }
        #expect(tokens(at: 0) == 95)
        #expect(tokens(at: 4000) == 19)
        #expect(tokens(at: 1_000_000) == 1)
        for depth in stride(from: 0, to: 30_000, by: 700) {
            let taken = tokens(at: depth)
            #expect(planner.cost(tokens: taken, depth: depth) <= 100)
            #expect(planner.cost(tokens: taken + 1, depth: depth) > 100)
        }
        // Alone it may take a whole step.
        let alone = planner.plan([.init(id: 2, promptTokensLeft: 9999, depth: 4000)], prefillBound: 100)
        #expect(alone.map(\.tokens) == [512])
    }

    @Test("nothing to do is an empty plan")
    func idle() {
        #expect(planner.plan([], prefillBound: 4).isEmpty)
    }
}
