// Patience with a metric: what is the best, and when waiting ends.

import Testing
import Training

@Suite struct PatienceTests {
  private func verdicts(_ values: [Double], higherIsBetter: Bool = false, delta: Double = 0, epochs: Int?)
    -> [Patience.Verdict]
  {
    var patience = Patience(higherIsBetter: higherIsBetter, minimumDelta: delta, epochs: epochs)
    return values.enumerated().map { patience.on(epoch: $0 + 1, value: $1) }
  }

  @Test func `so many epochs in a row without improvement end it`() {
    #expect(
      verdicts([3, 2, 2, 1, 1, 2], epochs: 2) == [.improved, .improved, .wait, .improved, .wait, .stop])
    #expect(verdicts([3, 4, 4, 4], epochs: nil) == [.improved, .wait, .wait, .wait])
  }

  @Test func `an improvement is more than the minimum delta`() {
    #expect(verdicts([3, 2.5, 2.25], delta: 0.5, epochs: 9) == [.improved, .wait, .improved])
    #expect(verdicts([0.5, 0.75], higherIsBetter: true, epochs: 9) == [.improved, .improved])
  }

  @Test func `patience begins with the first number`() {
    #expect(
      verdicts([.nan, .nan, .nan, 5, .nan, 6], epochs: 2) == [.wait, .wait, .wait, .improved, .wait, .stop])
    #expect(verdicts([.nan, .nan, .nan, .nan], epochs: 1) == [.wait, .wait, .wait, .wait])
  }

  @Test func `the best is known with its epoch`() {
    var patience = Patience(higherIsBetter: true, minimumDelta: 0, epochs: nil)
    #expect(patience.best == nil)
    for (epoch, value) in [(1, Double.nan), (2, 0.25), (3, 0.75), (4, 0.5)] {
      _ = patience.on(epoch: epoch, value: value)
    }
    #expect(patience.best?.epoch == 3 && patience.best?.value == 0.75)
  }
}
