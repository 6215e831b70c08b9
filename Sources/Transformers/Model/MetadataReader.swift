internal import GGUF

/// Reads numbers out of a model's metadata and checks them against their bounds.
struct MetadataReader {
    let metadata: GGUFMetadata
    let path: String
    let family: Family

    /// Throws if the file names no architecture, or one that does not run here.
    init(_ file: GGUFFile) throws(ModelError) {
        metadata = file.metadata
        path = file.name
        let name: String
        do throws(GGUFError) {
            name = try file.metadata.requiredString(MetadataKey.architecture)
        } catch {
            throw ModelError(error)
        }
        guard let family = Family(rawValue: name) else {
            throw ModelError(
                .unsupportedArchitecture, path: path, field: "metadata '\(MetadataKey.architecture)'",
                problem: "is '\(name)'", advice: "these architectures run here: \(Family.supportedNames)")
        }
        self.family = family
    }

    /// A whole number, or what all elements of an array are (some files repeat a number for every layer).
    func integer(
        _ key: String, in range: ClosedRange<Int>, otherwise: Int? = nil
    ) throws(ModelError) -> Int {
        guard let value = metadata[key] else {
            if let otherwise { return otherwise }
            throw missing(key, "is missing; a whole number is needed")
        }
        var number = value.integerValue
        if let array = value.arrayValue?.integers, let first = array.first {
            guard array.allSatisfy({ $0 == first }) else {
                throw unsupported(key, "differs from layer to layer; that does not run here yet")
            }
            number = first
        }
        guard let number else { throw missing(key, "is of type \(value.type) where a whole number is needed") }
        guard range.contains(number) else {
            throw absurd(key, "is \(number), which is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// A finite number.
    func float(
        _ key: String, in range: ClosedRange<Float>, otherwise: Float? = nil
    ) throws(ModelError) -> Float {
        guard let value = metadata[key] else {
            if let otherwise { return otherwise }
            throw missing(key, "is missing; a number is needed")
        }
        guard let number = metadata.float(key) else {
            throw missing(key, "is of type \(value.type) where a number is needed")
        }
        guard range.contains(number) else {
            throw absurd(key, "is \(number), which is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    func missing(_ key: String, _ problem: String) -> ModelError {
        error(.missingValue, key, problem, ModelError.convertAgain)
    }

    func absurd(_ key: String, _ problem: String) -> ModelError {
        error(.absurdValue, key, problem, ModelError.convertAgain)
    }

    func unsupported(_ key: String, _ problem: String) -> ModelError {
        error(.unsupportedFeature, key, problem, "use another model, or a later conifer")
    }

    private func error(_ code: ModelError.Code, _ key: String, _ problem: String, _ advice: String) -> ModelError {
        ModelError(code, path: path, field: "metadata '\(key)'", problem: problem, advice: advice)
    }
}
