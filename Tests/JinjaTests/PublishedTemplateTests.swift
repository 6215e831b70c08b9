import Crypto
import Foundation
import Jinja
import OrderedCollections
import OrderedJSON
import TestModels
import Testing

/// The chat templates of published models, which are data of others and not in the repository, against what Python's
/// Jinja2 made of them.
@Suite("Published chat templates", .enabled(if: SharedData.isPresent))
struct PublishedTemplateTests {
    static let names = SharedData.files(in: "data/templates", suffix: ".jinja").map { String($0.dropLast(6)) }

    static func source(_ name: String) throws -> String {
        guard let path = SharedData.path("data/templates/\(name).jinja") else {
            throw Reference.MissingFile(path: name)
        }
        return String(decoding: try Reference.bytes(path), as: UTF8.self)
    }

    @Test("Every template and case gives what Python's Jinja2 gives", arguments: names)
    func rendersAsPython(name: String) throws {
        let reference = try Self.reference.get()
        let source = try Self.source(name)
        let template = try Template(source)
        let results = try #require(reference["results"]?[name]?.objectValue, "no reference for \(name)")
        #expect(results.count > 50)
        for (caseName, expected) in results {
            let context = Reference.context(try #require(reference["cases"]?[caseName]))
            let outcome = Outcome(template, context)
            if let expected = expected.stringValue {
                guard case .output(let text) = outcome else {
                    Issue.record("\(name), \(caseName): \(outcome)")
                    continue
                }
                let bytes = Array(text.utf8)
                #expect("\(bytes.count) \(Self.digest(bytes))" == expected, "\(name), \(caseName): \(text)")
            } else {
                let (className, message) = (expected[0]?.stringValue ?? "", expected[1]?.stringValue ?? "")
                #expect(
                    outcome.isError(className, message), "\(name), \(caseName): \(className) \(message), not \(outcome)"
                )
            }
        }
    }

    static let reference = Result { try Reference.json("templates.json") }

    /// The first 18 bytes of the SHA-256 of an output in base 64, as the reference keeps it.
    private static func digest(_ bytes: [UInt8]) -> String {
        Data(SHA256.hash(data: bytes).prefix(18)).base64EncodedString()
    }
}
