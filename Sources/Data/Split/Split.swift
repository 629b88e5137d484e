// Which rows train, which validate and which test: stratified by class, at random, or in the order given.

import Engine

/// How rows are divided between training, validation and test.
public enum SplitMethod: String, CaseIterable, Sendable {
  /// Every class keeps its share in both parts.
  case stratified
  case random
  /// The first rows train, those after them validate, the last test.
  case ordered
}

/// The parts, each in ascending order of the rows.
package struct Split: Equatable, Sendable {
  /// Rows that the parameters are fitted to.
  package var training: [Int]
  /// Rows by which the state that is kept is chosen.
  package var validation: [Int]
  /// Rows that neither training nor any choice sees.
  package var test: [Int]

  /// The parts as they are.
  init(training: [Int], validation: [Int], test: [Int]) {
    (self.training, self.validation, self.test) = (training, validation, test)
  }

  /// Divides `rows` rows: round(rows · testFraction) of them for the test, then round(rows · fraction) of the others for
  /// validation.
  ///
  /// The test part depends on the seed, the method and its fraction alone, so that it stays the same under any
  /// `fraction`. In order, the rows for the test come last.
  ///
  /// - Parameter classes: the class of each row; needed for `.stratified`. Each class gives its share by the
  ///   largest remainder, and always keeps one row for training.
  package init(
    rows: Int, fraction: Double, testFraction: Double = 0, method: SplitMethod, classes: [Int]?, seed: UInt64
  ) {
    let division = Division(method: method, classes: classes, seed: seed)
    let testCount = min(rows - 1, Int((Double(rows) * testFraction).rounded()))
    let all = Array(0..<rows)
    let (seen, test) = division.take(testCount, of: all, fraction: testFraction, step: 1)
    let wanted = min(seen.count - 1, Int((Double(rows) * fraction).rounded()))
    // The share of what is left; exactly `fraction` where nothing was taken.
    let share = test.isEmpty ? fraction : fraction * Double(rows) / Double(seen.count)
    (training, validation) = division.take(wanted, of: seen, fraction: share, step: 0)
    self.test = test
  }
}

extension Split {
  /// Divides windows over a table that is divided in order: a window belongs to the part that all of its rows are in, and
  /// one that crosses a border to none, so that nothing is learned from what is to be predicted.
  ///
  /// - Parameters:
  ///   - starts: the first row of each window.
  ///   - span: rows of a window, its target's among them.
  ///   - rows: of the table.
  package init(windows starts: [Int], span: Int, rows: Int, fraction: Double, testFraction: Double) {
    let table = Split(
      rows: rows, fraction: fraction, testFraction: testFraction, method: .ordered, classes: nil, seed: 0)
    let first = table.training.count
    let second = first + table.validation.count
    func windows(in part: Range<Int>) -> [Int] {
      starts.indices.filter { starts[$0] >= part.lowerBound && starts[$0] + span <= part.upperBound }
    }
    training = windows(in: 0..<first)
    validation = windows(in: first..<second)
    test = windows(in: second..<rows)
  }
}

/// One way to take rows away from others.
private struct Division {
  let method: SplitMethod
  let classes: [Int]?
  let seed: UInt64

  /// `wanted` of the rows, and the others; both in ascending order. Each step has random numbers of its own.
  func take(
    _ wanted: Int, of rows: [Int], fraction: Double, step: UInt64
  ) -> (left: [Int], taken: [Int]) {
    if wanted <= 0 { return (rows, []) }
    var isTaken = [Bool](repeating: false, count: rows.count)
    var random = RandomStream(seed: seed, stream: .split, step: step)
    switch method {
    case .ordered:
      for index in (rows.count - wanted)..<rows.count { isTaken[index] = true }
    case .random:
      var order = (0..<Int32(rows.count)).map { $0 }
      random.shuffle(&order)
      for index in order.prefix(wanted) { isTaken[Int(index)] = true }
    case .stratified:
      let labels =
        classes.map { classes in rows.map { classes[$0] } } ?? [Int](repeating: 0, count: rows.count)
      var members = [[Int32]](repeating: [], count: (labels.max() ?? 0) + 1)
      for (index, label) in labels.enumerated() { members[label].append(Int32(index)) }
      let quotas = Self.quotas(sizes: members.map(\.count), fraction: fraction, total: wanted)
      for (label, quota) in quotas.enumerated() {
        random.shuffle(&members[label])
        for index in members[label].prefix(quota) { isTaken[Int(index)] = true }
      }
    }
    return (
      rows.indices.filter { !isTaken[$0] }.map { rows[$0] },
      rows.indices.filter { isTaken[$0] }.map { rows[$0] }
    )
  }

  /// Whole numbers near `size · fraction` that add up to `total` where the classes have rows to spare.
  private static func quotas(sizes: [Int], fraction: Double, total: Int) -> [Int] {
    let exact = sizes.map { Double($0) * fraction }
    var quotas = zip(sizes, exact).map { size, share in min(max(size - 1, 0), Int(share)) }
    let byRemainder = exact.indices.sorted {
      let (left, right) = (exact[$0] - exact[$0].rounded(.down), exact[$1] - exact[$1].rounded(.down))
      return left == right ? $0 < $1 : left > right
    }
    var missing = total - quotas.reduce(0, +)
    for label in byRemainder where missing > 0 && quotas[label] < sizes[label] - 1 {
      quotas[label] += 1
      missing -= 1
    }
    return quotas
  }
}
