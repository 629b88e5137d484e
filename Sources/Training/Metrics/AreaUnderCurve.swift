// The area under the ROC curve, by sorting the scores as the whole numbers that their bits spell.

extension ClassificationMetrics {
  /// The area under the ROC curve: the probability that a positive row scores above a negative one, ties
  /// counting half. It is the Mann-Whitney statistic U / (P N) by mid-ranks; NaN unless both kinds occur, and where a
  /// score is NaN, which ranks nowhere. Source: Hanley and McNeil (1982).
  ///
  /// - Complexity: O(rows); it is asked for every class after every epoch.
  @inline(__always)
  package static func auc(rows: Int, score: (Int) -> Float, isPositive: (Int) -> Bool) -> Double {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * rows) { memory in
      guard let keys = memory.baseAddress else { return .nan }
      for row in 0..<rows {
        let score = score(row)
        if score.isNaN { return .nan }
        keys[row] = UInt64(orderedBits(of: score)) << 1 | (isPositive(row) ? 1 : 0)
      }
      sort(keys, scratch: keys + rows, count: rows)
      return area(UnsafeBufferPointer(start: keys, count: rows))
    }
  }

  /// A whole number that orders as the number does; both zeros have the same.
  private static func orderedBits(of number: Float) -> UInt32 {
    let bits = (number + 0).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }

  /// Sorts by the 32 bits above the lowest one, a byte at a time from the least (radix sort).
  private static func sort(
    _ keys: UnsafeMutablePointer<UInt64>, scratch: UnsafeMutablePointer<UInt64>, count: Int
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { ends in
      var (source, target) = (keys, scratch)
      for shift in stride(from: UInt64(1), to: 33, by: 8) {
        ends.update(repeating: 0)
        for index in 0..<count { ends[Int(source[index] >> shift & 255)] += 1 }
        // A byte that all have in common moves nothing.
        if count == 0 || ends[Int(source[0] >> shift & 255)] == count { continue }
        var start = 0
        for byte in 0..<256 {
          (ends[byte], start) = (start, start + ends[byte])
        }
        for index in 0..<count {
          let byte = Int(source[index] >> shift & 255)
          target[ends[byte]] = source[index]
          ends[byte] += 1
        }
        swap(&source, &target)
      }
      if source != keys { keys.update(from: source, count: count) }
    }
  }

  private static func area(_ keys: UnsafeBufferPointer<UInt64>) -> Double {
    var rankSum = 0.0
    var positives = 0.0
    var start = 0
    while start < keys.count {
      var end = start
      var positivesInTie = 0.0
      while end < keys.count, keys[end] >> 1 == keys[start] >> 1 {
        positivesInTie += Double(keys[end] & 1)
        end += 1
      }
      rankSum += positivesInTie * Double(start + 1 + end) / 2
      positives += positivesInTie
      start = end
    }
    let negatives = Double(keys.count) - positives
    if positives == 0 || negatives == 0 { return .nan }
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }
}
