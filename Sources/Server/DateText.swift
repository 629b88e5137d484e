// The Date field's text, written once per second.

import Telemetry

/// The current IMF-fixdate (RFC 9110 §6.6.1), kept until the second changes.
struct DateText {
  private let clock: any WallClock
  private var second = Int64.min
  private var text = ""

  init(clock: any WallClock) {
    self.clock = clock
  }

  mutating func now() -> String {
    let now = clock.now()
    if now.milliseconds / 1000 != second {
      second = now.milliseconds / 1000
      text = now.imfFixdate
    }
    return text
  }
}
