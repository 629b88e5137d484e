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
    guard let lengths, positions > 1 else { return rows }
    return (first / positions..<(first + rows) / positions).reduce(0) {
      $0 + min(positions, Int(lengths[$1]))
    }
  }
}
