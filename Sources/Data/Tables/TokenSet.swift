// The tokens that a model knows, and what is no token.

import JSON

/// Whole numbers from 0 on, each of which names something: a word, a character.
package struct TokenSet: Equatable, Sendable {
  /// How many there are: an embedding's `input_dim`.
  package var count: Int
  /// Whether 0 is padding, which ends a row.
  package var masksZero: Bool

  /// - Parameter masksZero: an embedding's `mask_zero`.
  package init(count: Int, masksZero: Bool = false) { (self.count, self.masksZero) = (count, masksZero) }

  /// What is wrong with a number; nil for a token.
  func fault(of value: Double) -> String? {
    if value.isNaN { return "a token cannot be missing" }
    if value >= 0, value < Double(count), value == value.rounded() { return nil }
    let text = ClassLabels.spelling(of: .number(value))
    return value >= 0 && value == value.rounded()
      ? "token \(text) is not below `input_dim` \(count)"
      : "\(text) is no token: tokens are whole numbers from 0 to \(count - 1)"
  }

  /// The steps of each row without the padding at its end, at least 1; nil where 0 is a token.
  ///
  /// - Parameter lengths: the steps that the rows have; nil: all of them.
  func lengths(ofRows columns: [ColumnValues], _ lengths: [Int]?) -> [Int]? {
    guard masksZero, let rows = columns.first?.count else { return lengths }
    var ends = [Int](repeating: 1, count: rows)
    for (step, column) in columns.enumerated() {
      for row in 0..<rows where column.number(ofRow: row) != 0 { ends[row] = step + 1 }
    }
    return lengths.map { zip($0, ends).map(min) } ?? ends
  }
}

extension ColumnValues {
  /// The number of a row; nil for classes.
  func number(ofRow row: Int) -> Double? {
    switch self {
    case .numbers(let values): values[row]
    case .floats(let floats, let column): Double(floats.withNumbers { $0[row, column] })
    case .classes: nil
    }
  }
}
