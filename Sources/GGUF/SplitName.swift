/// The file name of one part of a split model: `stem-00002-of-00005.gguf`.
struct SplitName: Equatable {
    /// Everything before `-00002-of-00005.gguf`, folders included.
    let stem: String

    /// The part's number, from 1.
    let number: Int

    /// How many parts the name promises.
    let count: Int

    /// Takes a path apart; nil if it is not of this form.
    init?(_ path: String) {
        let suffix = path.suffix(20)
        let characters = Array(suffix.utf8)
        guard characters.count == 20, suffix.utf8.count == 20,
            characters[0] == UInt8(ascii: "-"), characters[6..<10].elementsEqual("-of-".utf8),
            characters[15...].elementsEqual(".gguf".utf8),
            let number = Self.number(characters[1..<6]), let count = Self.number(characters[10..<15]),
            number >= 1, number <= count
        else { return nil }
        stem = String(path.dropLast(20))
        self.number = number
        self.count = count
    }

    /// The path of another part.
    func path(of number: Int) -> String {
        "\(stem)-\(Self.padded(number))-of-\(Self.padded(count)).gguf"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
