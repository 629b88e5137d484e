// Who takes part in a team's runs, by a clock that the test sets.

import Engine
import Testing

@Suite struct TeamTests {
  /// Work that takes so many nanoseconds of the test's clock, together or alone.
  private final class Work: TeamWork {
    var now: UInt64 = 0
    var together: UInt64 = 0
    var alone: UInt64 = 0
    private(set) var runsTogether = 0

    func work(as member: Member) {
      guard member.index == 0 else { return }
      now += member.count > 1 ? together : alone
      if member.count > 1 { runsTogether += 1 }
    }
  }

  /// How many of 10 000 runs a team of two does together.
  private func runsTogether(together: UInt64, alone: UInt64) -> Int {
    let work = Work()
    (work.together, work.alone) = (together, alone)
    let team = Team(size: 2) { work.now }
    var pace = Pace()
    for _ in 0..<10_000 { team.run(work, members: 2, units: 64, pace: &pace) }
    return work.runsTogether
  }

  @Test func `a team that is slower than its owner is left alone, to the run`() {
    var pace = Pace()
    var expected = 0
    for _ in 0..<10_000 {
      if pace.isTogether { expected += 1 }
      pace.record(units: 64, nanoseconds: pace.isTogether ? 2_000_000 : 500_000)
    }
    #expect(expected < 500)
    #expect(runsTogether(together: 2_000_000, alone: 500_000) == expected)
  }

  @Test func `a team that is faster goes on`() {
    #expect(runsTogether(together: 500_000, alone: 2_000_000) > 9_500)
  }

  @Test func `one member asks no clock`() {
    let work = Work()
    work.alone = 1
    let team = Team(size: 1) {
      Issue.record("a lone member is timed")
      return 0
    }
    var pace = Pace()
    team.run(work, members: 4, units: 1, pace: &pace)
    #expect(work.now == 1)
  }
}
