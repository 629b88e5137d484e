// How many steps of each row of a pass there are, where rows differ.

/// Whole numbers, one a row, allocated once.
final class RowLengths {
  let base: UnsafeMutablePointer<Int32>

  init(rows: Int) {
    base = .allocate(capacity: max(1, rows))
    base.initialize(repeating: 0, count: max(1, rows))
  }

  deinit { base.deallocate() }
}

extension Pass {
  /// The length of a row of the call, counted from its first, at most `steps`; without lengths all rows have as many.
  func length(ofRow row: Int, steps: Int) -> Int {
    lengths.map { min(steps, Int($0[first + row])) } ?? steps
  }

  /// Whether a position of a layer that computes each for itself is one of the row's, not padding behind its end.
  @inline(__always)
  func isValid(position: Int) -> Bool {
    guard let lengths, positions > 1 else { return true }
    let place = first + position
    return place % positions < Int(lengths[place / positions])
  }

  /// How many positions of the call are no padding.
  var validPositions: Int {
    guard lengths != nil else { return rows }
    var count = 0
    for position in 0..<rows where isValid(position: position) { count += 1 }
    return count
  }
}

/// Writes zeros behind the end of every row of a call.
///
/// - Parameters:
///   - values: rows × steps × channels, from the call's first row on.
///   - lengths: of all rows of the pass.
func clearPadding(
  of values: UnsafeMutablePointer<Float>, _ pass: Pass, steps: Int, channels: Int,
  lengths: UnsafePointer<Int32>
) {
  for row in 0..<pass.rows {
    let length = min(steps, Int(lengths[pass.first + row]))
    (values + (row * steps + length) * channels).update(repeating: 0, count: (steps - length) * channels)
  }
}
