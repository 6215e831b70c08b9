/// Rows of text in columns that line up.
struct Table {
    /// On which side a column is filled up.
    enum Alignment {
        case left
        case right
    }

    private let alignments: [Alignment]
    private var rows: [[String]]

    /// A table with a heading for each column.
    init(_ columns: [(heading: String, alignment: Alignment)]) {
        alignments = columns.map(\.alignment)
        rows = [columns.map(\.heading)]
    }

    /// Adds a row; it has as many cells as there are headings.
    mutating func append(_ cells: [String]) {
        precondition(cells.count == alignments.count, "a row has one cell for each heading")
        rows.append(cells)
    }

    /// The lines of the table, without spaces at their ends.
    var text: String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let fill = String(repeating: " ", count: widths[column] - row[column].count)
                return alignments[column] == .left ? row[column] + fill : fill + row[column]
            }
            let line = cells.joined(separator: "  ")
            return line.replacing(#/\s+$/#, with: "") + "\n"
        }.joined()
    }
}
