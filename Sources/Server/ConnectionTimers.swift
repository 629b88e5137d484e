// The timers of one connection, for which the loop needs at most one of its own.

import HTTP

/// Deadlines by kind. Every request sets and cancels several, and hardly one ever fires; so a change is a number written
/// here, and the loop's timer is moved only when something is due sooner.
struct ConnectionTimers {
  private var deadlines: [Int64]
  private static let never = Int64.max
  private static let kinds = ServerConnection.Timer.allCases

  init() { deadlines = [Int64](repeating: Self.never, count: Self.kinds.count) }

  mutating func set(_ timer: ServerConnection.Timer, at deadline: Int64) {
    deadlines[timer.rawValue] = deadline
  }

  mutating func cancel(_ timer: ServerConnection.Timer) { deadlines[timer.rawValue] = Self.never }

  /// The earliest deadline; nil where nothing is set.
  var next: Int64? {
    let earliest = deadlines.min() ?? Self.never
    return earliest == Self.never ? nil : earliest
  }

  /// Takes out one timer that is due, the earliest first.
  mutating func takeDue(at now: Int64) -> ServerConnection.Timer? {
    guard let kind = Self.kinds.min(by: { deadlines[$0.rawValue] < deadlines[$1.rawValue] }),
      deadlines[kind.rawValue] <= now
    else { return nil }
    cancel(kind)
    return kind
  }
}
