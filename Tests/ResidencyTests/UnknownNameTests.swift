import Testing

@testable import Residency

@Suite struct UnknownNameTests {
    @Test func `an unknown name is answered by the resident model`() {
        var slot = Scenario.running()
        #expect(slot.request(2, nil) == ["grant #2 A fallback"])
    }

    @Test func `an unknown name joins a load`() {
        var slot = Scenario()
        _ = slot.request(1, "B")
        _ = slot.request(2, nil)
        _ = slot.checked("B")
        #expect(slot.loaded("B") == ["grant #1 B loaded", "grant #2 B loaded fallback"])
    }

    @Test func `with nothing resident the default is loaded: the flag, the last one, the first one`() {
        var first = Scenario()
        #expect(first.request(1, nil) == ["check A"])

        var preferred = Scenario(preferred: "C")
        #expect(preferred.request(1, nil) == ["check C"])

        var gone = Scenario(preferred: "Z")
        #expect(gone.request(1, nil) == ["check A"])

        var last = Scenario()
        _ = last.request(1, "B")
        _ = last.checked("B")
        _ = last.loaded("B")
        _ = last.accept(1, .zero)
        _ = last.end(1)
        _ = last.unloaded("B")
        #expect(last.request(2, nil) == ["check B"])
    }

    @Test func `an empty catalog refuses an unknown name`() {
        var slot = Scenario(models: [])
        #expect(
            slot.request(1, nil) == ["refuse #1: no model is registered; register one with `conifer add FILE`"])
    }

    @Test func `an unknown name never starts a swap and never delays one`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        #expect(slot.request(3, nil) == [])
        #expect(slot.end(1) == ["unload A for B"])
        _ = slot.unloaded("A")
        #expect(slot.loaded("B") == ["grant #2 B loaded", "grant #3 B loaded fallback"])
    }

    @Test func `an unknown name keeps its place: who waits before it is served first`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        _ = slot.request(3, "A")
        _ = slot.request(4, nil)
        _ = slot.request(5, "B")
        _ = slot.end(1)
        _ = slot.unloaded("A")
        #expect(slot.loaded("B") == ["grant #2 B loaded", "grant #5 B loaded", "check A"])
        _ = slot.checked("A")
        _ = slot.end(2)
        _ = slot.end(5)
        _ = slot.unloaded("B")
        #expect(slot.loaded("A") == ["grant #3 A loaded", "grant #4 A loaded fallback"])
    }

    @Test func `an empty slot is filled by who named a model, not for an unknown name before it`() {
        var slot = Scenario()
        _ = slot.request(1, nil)
        _ = slot.request(2, "B")
        #expect(slot.checked("A") == ["check B"])
        #expect(slot.checked("B") == ["load B"])
        #expect(slot.loaded("B") == ["grant #1 B loaded fallback", "grant #2 B loaded"])
    }

    @Test func `a broken model that another turn named costs an unknown name nothing`() {
        var slot = Scenario()
        _ = slot.request(1, nil)
        _ = slot.request(2, "B")
        _ = slot.checked("A")
        #expect(slot.checked("B", failure: "bad") == ["refuse #2: model 'B' cannot be loaded: bad", "check A"])
        #expect(slot.checked("A") == ["load A"])
        #expect(slot.loaded("A") == ["grant #1 A loaded fallback"])
    }

    @Test func `a broken default costs the unknown name an error`() {
        var slot = Scenario()
        _ = slot.request(1, nil)
        #expect(slot.checked("A", failure: "bad") == ["refuse #1: model 'A' cannot be loaded: bad"])
    }

    @Test func `an unknown name keeps an abandoned load alive`() {
        var slot = Scenario()
        _ = slot.request(1, "B")
        _ = slot.request(2, nil)
        _ = slot.checked("B")
        #expect(slot.cancel(1).count == 1)
        #expect(slot.loaded("B") == ["grant #2 B loaded fallback"])
    }

    @Test func `a turn whose entry leaves the catalog becomes one with an unknown name`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        #expect(slot.catalog(["A", "C"]) == ["grant #2 A fallback"])
        #expect(slot.checked("B") == [])
    }

    @Test func `a resident model whose entry is gone stays until it is swapped out`() {
        var slot = Scenario.running()
        #expect(slot.catalog(["B"]) == [])
        #expect(slot.request(2, nil) == ["grant #2 A fallback"])
        #expect(slot.request(3, "B") == ["check B"])
        _ = slot.end(1)
        _ = slot.end(2)
        #expect(slot.checked("B") == ["unload A for B"])
    }
}
