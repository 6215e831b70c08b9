import OrderedJSON
import Sampling

extension SamplingError {
    /// The same error with the number that the client sent, by the parameter's name: one beyond the range of a 32-bit float
    /// has become infinite on its way into the sampler.
    func finding(_ numbers: [String: Double?]) -> SamplingError {
        guard case .outOfRange(let name, let found, let allowed) = self, ["inf", "-inf"].contains(found),
            let number = numbers[name] ?? nil
        else { return self }
        return .outOfRange(name: name, found: ShortestDecimal.text(number), allowed: allowed)
    }
}
