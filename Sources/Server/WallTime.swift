import Catalog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A moment of the calendar, to the microsecond.
struct WallTime: Sendable {
    var seconds: Int64
    var microseconds: Int64

    static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(seconds: Int64(time.tv_sec), microseconds: Int64(time.tv_nsec) / 1_000)
    }

    func advanced(by duration: Duration) -> WallTime {
        let (whole, attoseconds) = duration.components
        let sum = microseconds + attoseconds / 1_000_000_000_000
        return WallTime(seconds: seconds + whole + sum / 1_000_000, microseconds: sum % 1_000_000)
    }

    /// RFC 3339 with six digits and a numeric offset: older Pythons read neither nine digits nor `Z`.
    var text: String {
        let digits = String(1_000_000 + microseconds).dropFirst()
        return Timestamp(secondsSince1970: seconds).text.dropLast() + ".\(digits)+00:00"
    }
}
