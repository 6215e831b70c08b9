/// Python's classes of characters.
extension Unicode.Scalar {
    /// `str.isspace`: what `strip` and `split` without arguments and `\s` of regular expressions take for white space.
    var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0d, 0x1c...0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000: true
        default: false
        }
    }

    /// What `str.splitlines` takes for the end of a line.
    var isLineBreak: Bool {
        switch value {
        case 0x0a...0x0d, 0x1c...0x1e, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// `str.isprintable`: what `repr` writes as it is.
    var isPythonPrintable: Bool {
        if isASCII { return value >= 0x20 && value < 0x7f }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    var isPythonAlphabetic: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// `str.isdecimal`, `str.isdigit` and `str.isnumeric`, from narrow to wide.
    var isPythonDecimal: Bool { properties.numericType == .decimal }
    var isPythonDigit: Bool { properties.numericType == .decimal || properties.numericType == .digit }
    var isPythonNumeric: Bool { properties.numericType != nil }

    /// The value of a decimal digit in any script.
    var decimalValue: Int? {
        guard isPythonDecimal, let value = properties.numericValue else { return nil }
        return Int(value)
    }

    /// `\w` of regular expressions.
    var isPythonWord: Bool { isPythonAlphabetic || isPythonNumeric || value == 0x5f }
}
