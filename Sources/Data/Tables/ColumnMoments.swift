// What standardisation has to know of a column, from one pass over its values.

/// Mean and standard deviation of a column's present values.
struct ColumnMoments {
  var mean = 0.0
  /// The standard deviation (of the whole, not of a sample), or 1 where the column is constant up to rounding.
  var scale = 1.0
  var isConstant = true

  /// Rows of a block: few enough to stay in the cache, many enough for the merge not to matter.
  private static let blockRows = 256

  init(_ values: [Double], rows: [Int]) {
    var sums = Sums()
    Self.forEachBlock(of: rows) { rows, block in sums.add(rows, block) { values[$0] } }
    self.init(sums)
  }

  /// The moments of some columns, in one pass over the rows.
  static func all(of floats: FloatRows, columns: [Int], rows: [Int]) -> [ColumnMoments] {
    var sums = [Sums](repeating: Sums(), count: columns.count)
    floats.withNumbers { numbers in
      forEachBlock(of: rows) { rows, block in
        for (index, column) in columns.enumerated() {
          sums[index].add(rows, block) { Double(numbers[$0, column]) }
        }
      }
    }
    return sums.map { ColumnMoments($0) }
  }

  /// The moments of the channels of shaped rows, each over all positions that the rows have. One pass over the rows.
  static func ofChannels(
    _ features: [Column], _ form: RowForm, rows: [Int], lengths: [Int]?
  ) -> [ColumnMoments] {
    var sums = [Sums](repeating: Sums(), count: form.shape.channels)
    let channels = features.indices.map { form.layout.place($0, in: form.shape).channel }
    forEachBlock(of: rows) { rows, block in
      for (column, feature) in features.enumerated() {
        let step = form.step(ofColumn: column)
        func add(_ number: (Int) -> Double) {
          guard let lengths else { return sums[channels[column]].add(rows, block, number) }
          sums[channels[column]].add(rows, block) { lengths[$0] > step ? number($0) : .nan }
        }
        switch feature.values {
        case .numbers(let values): add { values[$0] }
        case .floats(let floats, let place):
          floats.withNumbers { numbers in add { Double(numbers[$0, place]) } }
        case .classes: preconditionFailure("rows with a shape are numbers")
        }
      }
    }
    return sums.map { ColumnMoments($0) }
  }

  /// Calls `body` with block after block of the rows, and with memory for the numbers of one.
  @inline(__always)
  private static func forEachBlock(
    of rows: [Int], _ body: (ArraySlice<Int>, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: blockRows) { block in
      for first in stride(from: 0, to: rows.count, by: blockRows) {
        body(rows[first..<min(rows.count, first + blockRows)], block)
      }
    }
  }

  private init(_ sums: Sums) {
    if sums.count == 0 { return }
    mean = sums.mean
    let deviation = (sums.squares / sums.count).squareRoot()
    if deviation > 1e-12 * mean.magnitude, deviation.isFinite {
      scale = deviation
      isConstant = false
    }
  }

  /// The moments of each block about its own mean are merged by the formula of Chan, Golub and LeVeque (1979), so that
  /// neither large values nor a mean far from 0 cost digits. O(n) time, one pass over memory.
  private struct Sums {
    var count = 0.0
    var mean = 0.0
    /// Σ (x − mean)².
    var squares = 0.0

    /// Takes in the numbers of a block of rows that are not missing.
    @inline(__always)
    mutating func add(
      _ rows: ArraySlice<Int>, _ block: UnsafeMutableBufferPointer<Double>, _ number: (Int) -> Double
    ) {
      var present = 0
      for row in rows {
        let value = number(row)
        block[present] = value
        present += value == value ? 1 : 0
      }
      if present == 0 { return }
      let size = Double(present)
      // Relative to a value of the block, so that the mean of equal values is that value.
      let pivot = block[0]
      let blockMean = pivot + ColumnMoments.sum(block, present) { value in value - pivot } / size
      let blockSquares = ColumnMoments.sum(block, present) { value in
        (value - blockMean) * (value - blockMean)
      }
      let difference = blockMean - mean
      let total = count + size
      squares += blockSquares + difference * difference * (count * size / total)
      mean += difference * (size / total)
      count = total
    }
  }

  /// Whether all values are the same up to rounding, as `isConstant` has it. O(1) for most columns that are not.
  ///
  /// Where the first 256 of at most 10^7 values deviate by more than 10^-9 of their mean, the whole column deviates by more
  /// than 10^-12 of its own: either the means differ, and the distance itself is a deviation, or they hardly do.
  static func isConstant(_ values: ColumnValues) -> Bool {
    func moments(_ rows: Range<Int>) -> ColumnMoments? {
      switch values {
      case .numbers(let values): ColumnMoments(values, rows: Array(rows))
      case .floats(let floats, let column): all(of: floats, columns: [column], rows: Array(rows))[0]
      case .classes: nil
      }
    }
    guard let head = moments(0..<min(values.count, blockRows)) else { return false }
    if !head.isConstant, head.scale > 1e-9 * head.mean.magnitude { return false }
    return moments(0..<values.count)?.isConstant == true
  }

  /// Four sums side by side, because one alone waits for each addition.
  @inline(__always)
  private static func sum(
    _ values: UnsafeMutableBufferPointer<Double>, _ count: Int, _ term: (Double) -> Double
  ) -> Double {
    var sums = SIMD4<Double>()
    var index = 0
    while index + 4 <= count {
      sums += SIMD4(
        term(values[index]), term(values[index + 1]), term(values[index + 2]), term(values[index + 3]))
      index += 4
    }
    while index < count {
      sums[0] += term(values[index])
      index += 1
    }
    return sums[0] + sums[1] + (sums[2] + sums[3])
  }
}
