// Whether a team works together or its owner alone, at given speeds.

import Engine
import Testing

@Suite struct PaceTests {
  /// The share of so many runs that are done together, at so many nanoseconds a run.
  private func share(_ pace: inout Pace, runs: Int, together: UInt64, alone: UInt64) -> Double {
    var count = 0
    for _ in 0..<runs {
      if pace.isTogether { count += 1 }
      pace.record(units: 64, nanoseconds: pace.isTogether ? together : alone)
    }
    return Double(count) / Double(runs)
  }

  @Test func `a team begins together, and goes on so where that is faster`() {
    var pace = Pace()
    #expect(pace.isTogether)
    #expect(share(&pace, runs: 100_000, together: 50_000, alone: 90_000) > 0.97)
  }

  @Test func `where the others come late, the owner soon works alone`() {
    var pace = Pace()
    #expect(share(&pace, runs: 100_000, together: 900_000, alone: 90_000) < 0.01)
  }

  @Test func `it follows the processors when they become busy and idle again`() {
    var pace = Pace()
    _ = share(&pace, runs: 50_000, together: 50_000, alone: 90_000)
    #expect(share(&pace, runs: 50_000, together: 500_000, alone: 120_000) < 0.02)
    _ = share(&pace, runs: 50_000, together: 50_000, alone: 90_000)
    #expect(share(&pace, runs: 50_000, together: 50_000, alone: 90_000) > 0.97)
  }

  @Test func `long runs are compared by their work`() {
    var pace = Pace()
    // Alone it is always a small run that is done, and each of its units takes longer.
    for _ in 0..<1000 {
      let units = pace.isTogether ? 100 : 10
      pace.record(units: units, nanoseconds: UInt64(units) * (pace.isTogether ? 100_000 : 150_000))
    }
    #expect(pace.isTogether)
  }
}
