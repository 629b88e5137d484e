// Rows of examples for the engine, and the steps of them that count.

import Data

extension Examples {
  /// Gives `body` the rows where the engine reads them; nil where there are none.
  @discardableResult
  func withPointers<Value>(
    _ body: (
      _ inputs: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, _ lengths: UnsafePointer<Int32>?
    ) -> Value
  ) -> Value? {
    if rows == 0 { return nil }
    return inputs.withUnsafeBufferPointer { inputs in
      targets.withUnsafeBufferPointer { targets in
        guard let input = inputs.baseAddress, let target = targets.baseAddress else { return nil }
        guard let lengths else { return body(input, target, nil) }
        return lengths.withUnsafeBufferPointer { body(input, target, $0.baseAddress) }
      }
    }
  }

  /// The targets that count: of sequences those of the steps that rows have, one step after the other.
  var countingTargets: [Float] { counting(of: targets) }

  /// What counts of numbers that are laid out as the targets are, or with more or fewer of them for each step. O(numbers)
  func counting(of numbers: [Float]) -> [Float] {
    guard let targetLengths, rows > 0 else { return numbers }
    let width = numbers.count / rows
    let steps = targetSteps
    var counting: [Float] = []
    counting.reserveCapacity(numbers.count)
    for (row, length) in targetLengths.enumerated() {
      counting += numbers[row * width..<row * width + Int(length) * (width / steps)]
    }
    return counting
  }
}
