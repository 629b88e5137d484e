// Targets as the numbers a loss compares, and the way back to class names and original units.

package import JSON

/// How targets are encoded.
package enum TargetEncoder: Equatable, Sendable {
  /// One of these classes, sorted; encoded as its index. Of two classes the second is the positive one.
  case classes(name: String, labels: [JSONValue])
  /// Numbers as (y − center) / scale, so that a network's first outputs are of the targets' size whatever their unit.
  case numbers(names: [String], centers: [Double], scales: [Double])

  /// Fits the encoding to `rows` (of sequences, to the places of their steps); classes are those of all rows.
  package init(targets: [Column], rows: [Int], standardize: Bool) {
    if case .classes(_, let labels) = targets[0].values {
      self = .classes(name: targets[0].name, labels: labels)
      return
    }
    var centers: [Double] = []
    var scales: [Double] = []
    for column in targets {
      guard standardize, case .numbers(let values) = column.values else {
        centers.append(0)
        scales.append(1)
        continue
      }
      let moments = ColumnMoments(values, rows: rows)
      centers.append(moments.mean)
      scales.append(moments.scale)
    }
    self = .numbers(names: targets.map(\.name), centers: centers, scales: scales)
  }

  /// The target columns, in the order of the encoded row.
  package var names: [String] {
    switch self {
    case .classes(let name, _): [name]
    case .numbers(let names, _, _): names
    }
  }

  /// The classes in the order of their codes; nil for numbers.
  package var labels: [JSONValue]? {
    if case .classes(_, let labels) = self { labels } else { nil }
  }

  /// Values of a target row: one class index, or one number per column.
  package var width: Int { names.count }

  /// Numbers that a network must put out for a row: one logit for two classes.
  package func outputs(of task: LearningTask) -> Int {
    switch (self, task) {
    case (.classes, .binary): 1
    case (.classes(_, let labels), _): labels.count
    case (.numbers(let names, _, _), _): names.count
    }
  }

  /// Row-major encoded values of some rows; of sequences those of all steps, 0 where a row has none.
  package func encode(_ table: Table, rows: [Int]) -> [Float] {
    let steps = table.targetSteps
    guard steps > 1 || table.targetLengths != nil else { return encode(table.targets, rows: rows) }
    var encoded = encode(table.targets, rows: rows.flatMap { row in row * steps..<(row + 1) * steps })
    let width = table.targets.count
    for (index, row) in rows.enumerated() {
      let end = table.targetPlaces(ofRow: row).count
      for place in (index * steps + end) * width..<(index + 1) * steps * width { encoded[place] = 0 }
    }
    return encoded
  }

  package func encode(_ targets: [Column], rows: [Int]) -> [Float] {
    var encoded = [Float](repeating: 0, count: rows.count * targets.count)
    for (offset, column) in targets.enumerated() {
      for (index, row) in rows.enumerated() {
        encoded[index * targets.count + offset] =
          switch (self, column.values) {
          case (.classes, .classes(let codes, _)): Float(codes[row])
          case (.numbers(_, let centers, let scales), .numbers(let values)):
            Float((values[row] - centers[offset]) / scales[offset])
          default: preconditionFailure("a target changed its kind after it was read")
          }
      }
    }
    return encoded
  }

  /// Encoded numbers in original units; class indices are returned as they are.
  package func decode(_ encoded: [Float]) -> [Double] {
    guard case .numbers(_, let centers, let scales) = self else { return encoded.map(Double.init) }
    return encoded.enumerated().map { index, value in
      let column = index % centers.count
      return Double(value) * scales[column] + centers[column]
    }
  }
}
