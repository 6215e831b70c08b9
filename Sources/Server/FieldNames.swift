import Foundation
import HTTPTypes

/// A list of header fields' names, and nothing else, as browsers send it in `Access-Control-Request-Headers`.
struct FieldNames: Sendable, Hashable {
    /// The names, with a comma between two of them.
    let text: String

    /// Reads a list; nil where something in it is no name, or where it is longer than any page's.
    init?(_ list: String) {
        guard list.utf8.count <= Limits.fieldNamesBytes else { return nil }
        let names = list.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard names.allSatisfy({ HTTPField.Name($0) != nil }) else { return nil }
        text = names.joined(separator: ", ")
    }
}
