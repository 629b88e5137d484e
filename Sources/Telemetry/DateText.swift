// The Date field's text, written once per second.

/// The current IMF-fixdate (RFC 9110 §6.6.1), kept until the second changes.
package struct DateText {
  private let clock: any WallClock
  private var second = Int64.min
  private var text = ""

  /// Nothing is written before it is asked for.
  package init(clock: any WallClock) {
    self.clock = clock
  }

  /// `Thu, 01 Jan 2026 00:00:00 GMT` for this moment.
  package mutating func now() -> String {
    let now = clock.now()
    if now.milliseconds / 1000 != second {
      second = now.milliseconds / 1000
      text = now.imfFixdate
    }
    return text
  }
}
