/// `strftime` in the C locale.
enum DateFormat {
    static func format(_ format: String, _ time: LocalTime) -> String {
        let date = CalendarDate(time)
        var result = ""
        var scalars = format.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "%", var directive = scalars.next() else {
                result.unicodeScalars.append(scalar)
                continue
            }
            // A hyphen, underscore or zero chooses how a number is padded, as in the GNU library.
            var padding: Character?
            if directive == "-" || directive == "_" || directive == "0", let next = scalars.next() {
                padding = Character(directive)
                directive = next
            }
            result += date.text(directive, padding: padding)
        }
        return result
    }
}

/// A moment in the parts of the Gregorian calendar.
private struct CalendarDate {
    let time: LocalTime
    let (year, month, day): (Int, Int, Int)
    let (hour, minute, second): (Int, Int, Int)
    /// 0 is Sunday.
    let weekday: Int
    /// 0 is the first of January.
    let dayOfYear: Int

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    init(_ time: LocalTime) {
        self.time = time
        // A range of a million years on both sides keeps the sums below within bounds.
        let limit = 31_556_952_000_000
        let seconds = min(max(time.secondsSinceEpoch, -limit), limit) + min(max(time.secondsFromUTC, -86_400), 86_400)
        let days = (seconds - Arithmetic.modulo(seconds, 86_400)) / 86_400
        let rest = Arithmetic.modulo(seconds, 86_400)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        weekday = Arithmetic.modulo(days + 4, 7)
        (year, month, day) = Self.civil(days)
        dayOfYear = days - Self.days(year: year)
    }

    /// Year, month and day of a number of days since 1970-01-01: years run from March, eras are 400 years.
    private static func civil(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let dayOfEra = Arithmetic.modulo(shifted, 146_097)
        let era = (shifted - dayOfEra) / 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Days from 1970-01-01 to the first of January of a year.
    private static func days(year: Int) -> Int {
        let before = year - 1
        let leapYears = floor(before, 4) - floor(before, 100) + floor(before, 400)
        return before * 365 + leapYears - 719_162
    }

    private static func floor(_ value: Int, _ divisor: Int) -> Int {
        (value - Arithmetic.modulo(value, divisor)) / divisor
    }

    func text(_ directive: Unicode.Scalar, padding: Character?) -> String {
        func number(_ value: Int, _ width: Int, _ fill: Character = "0") -> String {
            let digits = String(value)
            let fill = padding == "-" ? nil : padding == "_" ? " " : padding == "0" ? "0" : fill
            return String(repeating: fill.map(String.init) ?? "", count: max(0, width - digits.count)) + digits
        }
        let hour12 = hour % 12 == 0 ? 12 : hour % 12
        switch directive {
        case "a": return String(Self.weekdays[weekday].prefix(3))
        case "A": return Self.weekdays[weekday]
        case "b", "h": return String(Self.months[month - 1].prefix(3))
        case "B": return Self.months[month - 1]
        case "c": return joined(["a", "b", "e", "T", "Y"], " ")
        case "C": return number(Self.floor(year, 100), 2)
        case "d": return number(day, 2)
        case "D", "x": return joined(["m", "d", "y"], "/")
        case "e": return number(day, 2, " ")
        case "f": return "000000"
        case "F": return joined(["Y", "m", "d"], "-")
        case "g": return number(Arithmetic.modulo(isoWeek.year, 100), 2)
        case "G": return number(isoWeek.year, 4)
        case "H": return number(hour, 2)
        case "I": return number(hour12, 2)
        case "j": return number(dayOfYear + 1, 3)
        case "k": return number(hour, 2, " ")
        case "l": return number(hour12, 2, " ")
        case "m": return number(month, 2)
        case "M": return number(minute, 2)
        case "n": return "\n"
        case "p": return hour < 12 ? "AM" : "PM"
        case "P": return hour < 12 ? "am" : "pm"
        case "r": return joined(["I", "M", "S"], ":") + " " + text("p", padding: nil)
        case "R": return joined(["H", "M"], ":")
        case "s": return String(time.secondsSinceEpoch)
        case "S": return number(second, 2)
        case "t": return "\t"
        case "T", "X": return joined(["H", "M", "S"], ":")
        case "u": return number(weekday == 0 ? 7 : weekday, 1)
        case "U": return number((dayOfYear + 7 - weekday) / 7, 2)
        case "V": return number(isoWeek.week, 2)
        case "w": return number(weekday, 1)
        case "W": return number((dayOfYear + 7 - (weekday + 6) % 7) / 7, 2)
        case "y": return number(Arithmetic.modulo(year, 100), 2)
        case "Y": return number(year, 1)
        // Python's clock here has no time zone.
        case "z", "Z": return ""
        case "%": return "%"
        default: return "%" + (padding.map(String.init) ?? "") + String(Character(directive))
        }
    }

    private func joined(_ directives: [Unicode.Scalar], _ separator: String) -> String {
        directives.map { text($0, padding: nil) }.joined(separator: separator)
    }

    /// Week and year of ISO 8601: weeks start on Monday, and belong to the year that has their Thursday.
    private var isoWeek: (year: Int, week: Int) {
        let thursday = dayOfYear - (weekday + 6) % 7 + 3
        if thursday < 0 { return (year - 1, (thursday + Self.length(of: year - 1)) / 7 + 1) }
        let length = Self.length(of: year)
        return thursday >= length ? (year + 1, (thursday - length) / 7 + 1) : (year, thursday / 7 + 1)
    }

    private static func length(of year: Int) -> Int { days(year: year + 1) - days(year: year) }
}
