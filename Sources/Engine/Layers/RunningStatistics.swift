// Running averages of batch statistics, kept apart for each combination of random draws.

/// Added to every variance before its root is taken.
let normalizationEpsilon: Float = 1e-5

/// Exponential averages of a vector of statistics.
///
/// Under a `random` activation the statistics of a layer depend on which candidates were drawn, so that one average over
/// all draws fits none of them. Set 0 averages over every step; where the draws of the model have few combinations, set
/// 1 + c averages over the steps of combination c alone, and prediction with that combination uses it. A combination
/// that was never drawn falls back to set 0. Each average weighs its n-th value by max(1/n, 0.1), so that it is a plain
/// mean at first and owes nothing to its initial value.
struct RunningStatistics {
  private let width: Int
  private let counts: FloatBuffer
  private let values: FloatBuffer

  /// - Parameter combinations: how many combinations of draws to keep apart; 1 when nothing is drawn.
  init(width: Int, combinations: Int) {
    self.width = width
    let sets = Self.sets(combinations: combinations)
    counts = FloatBuffer(count: sets)
    values = FloatBuffer(count: sets * width)
  }

  private static func sets(combinations: Int) -> Int { combinations > 1 ? 1 + combinations : 1 }

  /// How many numbers ``storage`` has.
  static func count(width: Int, combinations: Int) -> Int { sets(combinations: combinations) * (1 + width) }

  /// What has to be saved and restored: the counts, then the averages.
  var storage: [FloatBuffer] { [counts, values] }

  /// Takes in one batch's statistics.
  func update(_ batch: UnsafePointer<Float>, combination: Int?) {
    blend(batch, into: 0)
    if let combination, combination + 1 < counts.count { blend(batch, into: combination + 1) }
  }

  private func blend(_ batch: UnsafePointer<Float>, into set: Int) {
    counts.base[set] += 1
    let share = max(1 / counts.base[set], 0.1)
    let average = values.base + set * width
    for index in 0..<width { average[index] += share * (batch[index] - average[index]) }
  }

  /// The averages for a combination, or nil before the first update.
  func current(combination: Int?) -> UnsafePointer<Float>? {
    if let combination, combination + 1 < counts.count, counts.base[combination + 1] > 0 {
      return UnsafePointer(values.base + (combination + 1) * width)
    }
    return counts.base[0] > 0 ? UnsafePointer(values.base) : nil
  }
}
