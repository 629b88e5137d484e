// Reads a moment from RFC 3339 text.

extension Timestamp {
  /// Reads `date-time`, for example `2026-01-01T01:30:00.25+01:30`; digits beyond milliseconds are dropped.
  ///
  ///     date-time   = full-date "T" full-time
  ///     full-date   = 4DIGIT "-" 2DIGIT "-" 2DIGIT
  ///     full-time   = 2DIGIT ":" 2DIGIT ":" 2DIGIT ["." 1*DIGIT] ("Z" / ("+" / "-") 2DIGIT ":" 2DIGIT)
  ///
  /// `T` and `Z` may be in lower case. Second 60 is read only where UTC puts leap seconds, and means the
  /// second after. Nil for any other text and for dates that do not exist. Source: RFC 3339 §5.6 and §5.7.
  public init?(rfc3339 text: String) {
    var reader = DigitReader(bytes: Array(text.utf8))
    guard let year = reader.number(digits: 4), reader.skip("-"),
      let month = reader.number(digits: 2), reader.skip("-"),
      let day = reader.number(digits: 2), reader.skip("T", or: "t"),
      let hour = reader.number(digits: 2), hour < 24, reader.skip(":"),
      let minute = reader.number(digits: 2), minute < 60, reader.skip(":"),
      let second = reader.number(digits: 2), second <= 60
    else { return nil }
    var millisecond = 0
    if reader.skip(".") {
      guard let fraction = reader.milliseconds() else { return nil }
      millisecond = fraction
    }
    guard let offset = reader.offsetInMinutes(), reader.isAtEnd else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.exists else { return nil }
    let minutes = date.daysSinceEpoch * 1440 + hour * 60 + minute - offset
    guard second < 60 || floorDivide(minutes, by: 1440).remainder == 1439 else { return nil }
    self.init(milliseconds: Int64((minutes * 60 + second) * 1000 + millisecond))
  }
}

/// Takes fixed groups of ASCII digits and separators from the front of a text.
private struct DigitReader {
  let bytes: [UInt8]
  var position = 0

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, Unicode.Scalar(bytes[position]) == character else { return false }
    position += 1
    return true
  }

  mutating func skip(_ character: Unicode.Scalar, or alternative: Unicode.Scalar) -> Bool {
    skip(character) || skip(alternative)
  }

  mutating func digit() -> Int? {
    guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
      return nil
    }
    position += 1
    return Int(bytes[position - 1] - UInt8(ascii: "0"))
  }

  mutating func number(digits count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// One or more digits of a fraction of a second.
  mutating func milliseconds() -> Int? {
    guard var value = digit().map({ $0 * 100 }) else { return nil }
    var place = 10
    while let digit = digit() {
      value += digit * place
      place /= 10
    }
    return value
  }

  /// `Z` or `±hh:mm`; minutes east of UTC.
  mutating func offsetInMinutes() -> Int? {
    if skip("Z", or: "z") { return 0 }
    let sign = skip("+") ? 1 : skip("-") ? -1 : 0
    guard sign != 0, let hours = number(digits: 2), hours < 24, skip(":"),
      let minutes = number(digits: 2), minutes < 60
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
