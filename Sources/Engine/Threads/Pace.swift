// Whether a team is faster than its owner alone, found out by doing both.

/// Chooses, for runs of one kind of work, whether a team does them together or its owner alone.
///
/// What meeting costs depends on what else the processors do: it is next to nothing where they are idle, and milliseconds
/// where a member has to wait for its turn. Runs are therefore timed in windows, and the way whose last window was the
/// faster goes on. The other way gets a window of its own after a while, ever more seldom as long as that changes nothing.
package struct Pace {
  /// A window is at least so long and has at least so many runs: long beside a step, short beside what a job takes.
  private static let windowNanoseconds: UInt64 = 1_000_000
  private static let windowRuns = 4
  private static let patience = 8...1024

  /// Whether the next run is to be shared out to the team.
  package private(set) var isTogether = true
  /// Nanoseconds for a unit of work in the last window of each way; 0 as long as there was none.
  private var alone = 0.0
  private var together = 0.0
  private var (runs, units, nanoseconds) = (0, 0, UInt64(0))
  /// How many windows go by before the other way is tried, and how many of them are left.
  private var patience = Self.patience.lowerBound
  private var windowsLeft = 1
  private var isTrial = false

  /// Nothing is measured yet; the first run is together.
  package init() {}

  /// Takes account of a run that did so much work in so long.
  package mutating func record(units: Int, nanoseconds: UInt64) {
    self.runs += 1
    self.units += units
    self.nanoseconds += nanoseconds
    guard runs >= Self.windowRuns, self.nanoseconds >= Self.windowNanoseconds else { return }
    let rate = Double(self.nanoseconds) / Double(max(1, self.units))
    if isTogether { together = rate } else { alone = rate }
    (self.runs, self.units, self.nanoseconds) = (0, 0, 0)
    endWindow()
  }

  private mutating func endWindow() {
    let wasTogether = isTogether != isTrial
    let isFaster = alone == 0 || together <= alone
    if isFaster != wasTogether {
      patience = Self.patience.lowerBound
    } else if isTrial {
      patience = min(2 * patience, Self.patience.upperBound)
    }
    windowsLeft = isTrial || isFaster != wasTogether ? patience : windowsLeft - 1
    isTrial = windowsLeft == 0
    isTogether = isFaster != isTrial
  }
}
