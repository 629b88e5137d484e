// Distinct class labels in a fixed order, and the codes of rows among them.

package import JSON

/// Turns the labels of rows into positions in the sorted list of distinct labels.
///
/// Booleans sort false before true, numbers by value, texts by their Unicode scalars; O(n + k log k).
package enum ClassLabels {
  static func encode(texts: [String?]) -> ColumnValues {
    var order: [String: Int32] = [:]
    var codes = texts.map { text -> Int32 in
      guard let text else { return -1 }
      if let code = order[text] { return code }
      let code = Int32(order.count)
      order[text] = code
      return code
    }
    let distinct = order.sorted { $0.key < $1.key }
    var ranks = [Int32](repeating: 0, count: distinct.count)
    for (rank, label) in distinct.enumerated() { ranks[Int(label.value)] = Int32(rank) }
    for row in codes.indices where codes[row] >= 0 { codes[row] = ranks[Int(codes[row])] }
    return .classes(codes: codes, labels: distinct.map { .string($0.key) })
  }

  static func encode(numbers: [Double]) -> ColumnValues {
    let distinct = Set(numbers.filter { !$0.isNaN }).sorted()
    let positions = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
    return .classes(codes: numbers.map { positions[$0] ?? -1 }, labels: distinct.map { .number($0) })
  }

  /// Numbers as the classes that they spell, in the order of the numbers.
  static func encode(spelled numbers: [Double]) -> ColumnValues {
    guard case .classes(let codes, let labels) = encode(numbers: numbers) else { return .numbers(numbers) }
    return .classes(codes: codes, labels: labels.map { .string(spelling(of: $0)) })
  }

  /// A label as a table has it: the shortest digits of a number, the word of a boolean.
  package static func spelling(of label: JSONValue) -> String {
    switch label {
    case .string(let text): text
    case .number, .bool: String(decoding: label.serialized(), as: UTF8.self)
    default: ""
    }
  }

  static func encode(booleans: [Bool?]) -> ColumnValues {
    let distinct = Set(booleans.compactMap(\.self)).sorted { !$0 && $1 }
    let codes = booleans.map { value in
      value.flatMap { distinct.firstIndex(of: $0) }.map(Int32.init) ?? -1
    }
    return .classes(codes: codes, labels: distinct.map { .bool($0) })
  }
}
