// Dates against known values, both directions, over leap years and before 1970.

import Telemetry
import Testing

@Suite struct TimestampTests {
  static let known: [(milliseconds: Int64, rfc3339: String, imfFixdate: String)] = [
    (0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
    (784_111_777_000, "1994-11-06T08:49:37.000Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_400_123, "2000-02-29T00:00:00.123Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
    (1_709_251_199_999, "2024-02-29T23:59:59.999Z", "Thu, 29 Feb 2024 23:59:59 GMT"),
    (1_709_251_200_000, "2024-03-01T00:00:00.000Z", "Fri, 01 Mar 2024 00:00:00 GMT"),
    (1_740_787_200_007, "2025-03-01T00:00:00.007Z", "Sat, 01 Mar 2025 00:00:00 GMT"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z", "Mon, 01 Mar 2100 00:00:00 GMT"),
    (4_107_542_399_999, "2100-02-28T23:59:59.999Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
    (-1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
    (-62_167_219_200_000, "0000-01-01T00:00:00.000Z", "Sat, 01 Jan 0000 00:00:00 GMT"),
    (253_402_300_799_999, "9999-12-31T23:59:59.999Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
  ]

  @Test(arguments: known)
  func `known moments have their texts, and the text reads back`(
    milliseconds: Int64, rfc3339: String, imfFixdate: String
  ) {
    let timestamp = Timestamp(milliseconds: milliseconds)
    #expect(timestamp.rfc3339 == rfc3339)
    #expect(timestamp.imfFixdate == imfFixdate)
    #expect(Timestamp(rfc3339: rfc3339) == timestamp)
  }

  @Test func `every day of 800 years reads back, and texts sort as moments do`() {
    let day: Int64 = 86_400_000
    var previous = ""
    for index in Int64(-146_097)..<146_097 {
      let text = Timestamp(milliseconds: index * day + 1).rfc3339
      #expect(Timestamp(rfc3339: text)?.milliseconds == index * day + 1)
      #expect(previous < text)
      previous = text
    }
  }

  @Test(arguments: [
    "2026-01-01T00:00:00Z", "2026-01-01t00:00:00z", "2026-01-01T01:30:00+01:30",
    "2025-12-31T16:00:00.000-08:00", "2026-01-01T00:00:00.0009999Z", "2025-12-31T23:59:60Z",
  ])
  func `other spellings of the same moment are read`(text: String) {
    #expect(Timestamp(rfc3339: text)?.rfc3339 == "2026-01-01T00:00:00.000Z")
  }

  @Test(arguments: [
    "", "2026", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-1-1T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
    "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T12:00:60Z", "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60",
    "2026-01-01T00:00:00Zx", "-026-01-01T00:00:00Z", "２026-01-01T00:00:00Z", " 2026-01-01T00:00:00Z",
  ])
  func `what RFC 3339 does not allow is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func `moments are ordered by time`() {
    #expect(Timestamp(milliseconds: -1) < Timestamp(milliseconds: 0))
  }

  @Test func `the system clock tells a time after this was written and before the year 9999`() throws {
    let now = SystemClock().now()
    #expect(try now > #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z")))
    #expect(Timestamp(rfc3339: now.rfc3339) == now)
  }

  @Test func `monotonic time does not go back`() {
    var previous = monotonicSeconds()
    for _ in 0..<1000 {
      let now = monotonicSeconds()
      #expect(now >= previous)
      previous = now
    }
  }
}
