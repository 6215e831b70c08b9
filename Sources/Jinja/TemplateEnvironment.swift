#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a render may cost, and what the time is.
public struct TemplateEnvironment: Sendable {
    /// Limits on the work of a render.
    public var limits: TemplateLimits
    /// The time that `strftime_now` formats. Asked once a call of `strftime_now`.
    public var now: @Sendable () -> LocalTime

    /// The default limits and the time of the machine.
    public init(limits: TemplateLimits = .init(), now: @escaping @Sendable () -> LocalTime = LocalTime.current) {
        self.limits = limits
        self.now = now
    }
}

/// A moment and the offset of the place's time from UTC.
public struct LocalTime: Sendable, Hashable {
    /// Seconds since 1970-01-01 00:00 UTC.
    public var secondsSinceEpoch: Int
    /// Seconds east of Greenwich.
    public var secondsFromUTC: Int

    /// A moment at a place.
    public init(secondsSinceEpoch: Int, secondsFromUTC: Int = 0) {
        self.secondsSinceEpoch = secondsSinceEpoch
        self.secondsFromUTC = secondsFromUTC
    }

    /// The time of the machine, in its time zone.
    @Sendable public static func current() -> LocalTime {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return LocalTime(secondsSinceEpoch: Int(now), secondsFromUTC: parts.tm_gmtoff)
    }
}
