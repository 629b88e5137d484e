// A moment of civil time in milliseconds, with the two texts that the service writes.

/// A moment, counted in milliseconds since 1970-01-01T00:00:00Z without leap seconds (POSIX time).
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Since 1970-01-01T00:00:00Z; negative before.
  public var milliseconds: Int64

  /// The moment so long after the epoch.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Whether a is earlier than b.
  public static func < (a: Timestamp, b: Timestamp) -> Bool {
    a.milliseconds < b.milliseconds
  }

  /// `2026-01-01T00:00:00.000Z`: always UTC, always three digits of fraction, so that texts sort as moments
  /// do.
  ///
  /// Years 0000 to 9999. Source: RFC 3339 §5.6.
  public var rfc3339: String {
    let (date, time) = fields
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))"
      + "T\(digits(time.hour, 2)):\(digits(time.minute, 2)):\(digits(time.second, 2))"
      + ".\(digits(time.millisecond, 3))Z"
  }

  /// `Thu, 01 Jan 2026 00:00:00 GMT`: the preferred form of dates in HTTP fields, in whole seconds.
  ///
  /// Years 0000 to 9999. Source: RFC 9110 §5.6.7.
  public var imfFixdate: String {
    let (date, time) = fields
    return "\(Self.weekdays[weekday]), \(digits(date.day, 2)) \(Self.months[date.month - 1]) "
      + "\(digits(date.year, 4)) "
      + "\(digits(time.hour, 2)):\(digits(time.minute, 2)):\(digits(time.second, 2)) GMT"
  }

  private static let millisecondsPerDay = 86_400_000
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private var fields: (date: CivilDate, time: (hour: Int, minute: Int, second: Int, millisecond: Int)) {
    let (days, rest) = floorDivide(Int(milliseconds), by: Self.millisecondsPerDay)
    return (
      CivilDate(daysSinceEpoch: days),
      (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000)
    )
  }

  /// 0 is Sunday; 1970-01-01 was a Thursday.
  private var weekday: Int {
    let days = floorDivide(Int(milliseconds), by: Self.millisecondsPerDay).quotient
    return floorDivide(days + 4, by: 7).remainder
  }
}

/// A non-negative number in decimal with leading zeros up to `width`.
private func digits(_ value: Int, _ width: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
