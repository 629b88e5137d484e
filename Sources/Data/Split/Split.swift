// Which rows train and which validate: stratified by class, at random, or in the order given.

import Engine

/// How rows are divided between training and validation.
public enum SplitMethod: String, CaseIterable, Sendable {
  /// Every class keeps its share in both parts.
  case stratified
  case random
  /// The first rows train, the last validate.
  case ordered
}

/// The two parts, each in ascending order of the rows.
package struct Split: Equatable, Sendable {
  package var training: [Int]
  package var validation: [Int]

  /// Divides `rows` rows, round(rows · fraction) of them for validation.
  ///
  /// - Parameter classes: the class of each row; needed for `.stratified`. Each class gives its share by the
  ///   largest remainder, and always keeps one row for training.
  package init(rows: Int, fraction: Double, method: SplitMethod, classes: [Int]?, seed: UInt64) {
    let wanted = min(rows - 1, Int((Double(rows) * fraction).rounded()))
    var isValidation = [Bool](repeating: false, count: rows)
    var random = RandomStream(seed: seed, stream: .split)
    switch method {
    case .ordered:
      for row in (rows - wanted)..<rows { isValidation[row] = true }
    case .random:
      var order = (0..<Int32(rows)).map { $0 }
      random.shuffle(&order)
      for row in order.prefix(wanted) { isValidation[Int(row)] = true }
    case .stratified:
      let classes = classes ?? [Int](repeating: 0, count: rows)
      var members = [[Int32]](repeating: [], count: (classes.max() ?? 0) + 1)
      for (row, label) in classes.enumerated() { members[label].append(Int32(row)) }
      let quotas = Self.quotas(sizes: members.map(\.count), fraction: fraction, total: wanted)
      for (label, quota) in quotas.enumerated() {
        random.shuffle(&members[label])
        for row in members[label].prefix(quota) { isValidation[Int(row)] = true }
      }
    }
    training = (0..<rows).filter { !isValidation[$0] }
    validation = (0..<rows).filter { isValidation[$0] }
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
