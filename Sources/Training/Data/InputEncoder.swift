// Feature columns as the numbers a network sees, by what the training rows say.

import JSON

/// What the training rows say about one feature.
package enum FeatureEncoding: Equatable, Sendable {
  /// (x − center) / scale; `mean` fills a missing value.
  case number(mean: Double, center: Double, scale: Double)
  /// One column per label, 1 at the row's own; `shares` fill a missing value.
  case classes(labels: [String], shares: [Double])

  package var width: Int {
    switch self {
    case .number: 1
    case .classes(let labels, _): labels.count
    }
  }

  /// Whether the 32-bit number that the network would see is finite.
  func canEncode(_ number: Double) -> Bool {
    guard case .number(_, let center, let scale) = self else { return false }
    return Float((number - center) / scale).isFinite
  }
}

/// Encodes features: numbers standardised to mean 0 and standard deviation 1 over the training rows, classes one-hot
/// with a column for each label, of two labels also.
///
/// A constant column becomes 0 rather than a division by 0. One-hot columns are left as they are: standardising
/// would give rare classes large values. Under `missing: mean` a missing number becomes the training mean and a missing
/// class each label's share of the training rows, which is the mean of its one-hot rows.
package struct InputEncoder: Equatable, Sendable {
  package var names: [String]
  package var encodings: [FeatureEncoding]
  package var missing: MissingPolicy

  package var width: Int { encodings.reduce(0) { $0 + $1.width } }

  package init(names: [String], encodings: [FeatureEncoding], missing: MissingPolicy) {
    self.names = names
    self.encodings = encodings
    self.missing = missing
  }

  /// Fits the encoding to `rows` of the features.
  package init(features: [Column], rows: [Int], standardize: Bool, missing: MissingPolicy) {
    names = features.map(\.name)
    self.missing = missing
    func number(_ moments: ColumnMoments) -> FeatureEncoding {
      .number(
        mean: moments.mean, center: standardize ? moments.mean : 0, scale: standardize ? moments.scale : 1)
    }
    if let (floats, columns) = features.sharedRows {
      encodings = ColumnMoments.all(of: floats, columns: columns, rows: rows).map(number)
      return
    }
    encodings = features.map { column in
      switch column.values {
      case .numbers(let values): return number(ColumnMoments(values, rows: rows))
      case .floats(let floats, let column):
        return number(ColumnMoments.all(of: floats, columns: [column], rows: rows)[0])
      case .classes(let codes, let labels):
        var counts = [Double](repeating: 0, count: labels.count)
        for row in rows where codes[row] >= 0 { counts[Int(codes[row])] += 1 }
        let total = max(1, counts.reduce(0, +))
        return .classes(labels: labels.map { $0.stringValue ?? "" }, shares: counts.map { $0 / total })
      }
    }
  }

  /// Row-major encoded values of `rows`. The columns must be in this encoder's order and of its kinds, their class
  /// labels this encoder's own.
  package func encode(_ features: [Column], rows: [Int]) -> [Float] {
    let width = width
    if let (floats, columns) = features.sharedRows { return encode(floats, columns, rows: rows) }
    var encoded = [Float](repeating: 0, count: rows.count * width)
    encoded.withUnsafeMutableBufferPointer { encoded in
      // By blocks that stay in the cache while the columns fill them one after the other.
      var first = 0
      let blockRows = max(16, 16_384 / max(1, width))
      while first < rows.count {
        let block = first..<min(rows.count, first + blockRows)
        var offset = 0
        for (column, encoding) in zip(features, encodings) {
          encode(column.values, encoding, rows, block, width: width, offset: offset, into: encoded)
          offset += encoding.width
        }
        first = block.upperBound
      }
    }
    return encoded
  }

  /// Straight from where the numbers lie, row by row.
  private func encode(_ floats: FloatRows, _ columns: [Int], rows: [Int]) -> [Float] {
    var (missing, centers, scales) = ([Double](), [Double](), [Double]())
    for case .number(let mean, let center, let scale) in encodings {
      missing.append((mean - center) / scale)
      centers.append(center)
      scales.append(scale)
    }
    precondition(centers.count == columns.count, "a column changed its kind after it was read")
    let (width, first) = (columns.count, columns[0])
    let isWhole = columns.indices.allSatisfy { columns[$0] == first + $0 }
    return [Float](unsafeUninitializedCapacity: rows.count * width) { encoded, count in
      count = rows.count * width
      floats.withNumbers { numbers in
        missing.withUnsafeBufferPointer { missing in
          centers.withUnsafeBufferPointer { centers in
            scales.withUnsafeBufferPointer { scales in
              var target = 0
              for row in rows {
                let start = row * floats.width
                for index in 0..<width {
                  let column = isWhole ? first + index : columns[index]
                  let value = (Double(numbers[start + column]) - centers[index]) / scales[index]
                  // What is not equal to itself is not a number.
                  encoded[target + index] = Float(value == value ? value : missing[index])
                }
                target += width
              }
            }
          }
        }
      }
    }
  }

  private func encode(
    _ values: ColumnValues, _ encoding: FeatureEncoding, _ rows: [Int], _ block: Range<Int>, width: Int,
    offset: Int, into encoded: UnsafeMutableBufferPointer<Float>
  ) {
    switch (encoding, values) {
    case (.number(let mean, let center, let scale), .numbers(let values)):
      let missing = (mean - center) / scale
      var target = block.lowerBound * width + offset
      for row in rows[block] {
        let value = (values[row] - center) / scale
        // What is not equal to itself is not a number.
        encoded[target] = Float(value == value ? value : missing)
        target += width
      }
    case (.number(let mean, let center, let scale), .floats(let floats, let column)):
      let missing = (mean - center) / scale
      var target = block.lowerBound * width + offset
      for row in rows[block] {
        let value = (floats[row, column] - center) / scale
        encoded[target] = Float(value == value ? value : missing)
        target += width
      }
    case (.classes(_, let shares), .classes(let codes, _)):
      for index in block {
        let start = index * width + offset
        let code = codes[rows[index]]
        if code >= 0 {
          encoded[start + Int(code)] = 1
        } else {
          for (label, share) in shares.enumerated() { encoded[start + label] = Float(share) }
        }
      }
    default: preconditionFailure("a column changed its kind after it was read")
    }
  }
}

extension [Column] {
  /// The rows that all columns belong to, if that is so, and their places in them.
  fileprivate var sharedRows: (floats: FloatRows, columns: [Int])? {
    guard case .floats(let floats, _)? = first?.values else { return nil }
    var places: [Int] = []
    for column in self {
      guard case .floats(let other, let place) = column.values, other.isSame(as: floats) else { return nil }
      places.append(place)
    }
    return (floats, places)
  }
}
