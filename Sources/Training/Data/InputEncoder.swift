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
    encodings = features.map { column in
      switch column.values {
      case .numbers(let values):
        let moments = ColumnMoments(values, rows: rows)
        return .number(
          mean: moments.mean, center: standardize ? moments.mean : 0, scale: standardize ? moments.scale : 1)
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
    var encoded = [Float](repeating: 0, count: rows.count * width)
    var offset = 0
    for (column, encoding) in zip(features, encodings) {
      switch (encoding, column.values) {
      case (.number(let mean, let center, let scale), .numbers(let values)):
        for (index, row) in rows.enumerated() {
          let value = values[row].isNaN ? mean : values[row]
          encoded[index * width + offset] = Float((value - center) / scale)
        }
      case (.classes(_, let shares), .classes(let codes, _)):
        for (index, row) in rows.enumerated() {
          let start = index * width + offset
          if codes[row] >= 0 {
            encoded[start + Int(codes[row])] = 1
          } else {
            for (label, share) in shares.enumerated() { encoded[start + label] = Float(share) }
          }
        }
      default: preconditionFailure("a column changed its kind after it was read")
      }
      offset += encoding.width
    }
    return encoded
  }
}

/// Mean and standard deviation of a column's present values.
struct ColumnMoments {
  var mean = 0.0
  /// The standard deviation (of the whole, not of a sample), or 1 where the column is constant up to rounding.
  var scale = 1.0
  var isConstant = true

  init(_ values: [Double], rows: [Int]) {
    var count = 0.0
    // Running means cannot overflow where a plain sum of large values would.
    for row in rows where !values[row].isNaN {
      count += 1
      mean += (values[row] - mean) / count
    }
    if count == 0 { return }
    var variance = 0.0
    var seen = 0.0
    for row in rows where !values[row].isNaN {
      seen += 1
      let deviation = values[row] - mean
      variance += (deviation * deviation - variance) / seen
    }
    let deviation = variance.squareRoot()
    if deviation > 1e-12 * mean.magnitude, deviation.isFinite {
      scale = deviation
      isConstant = false
    }
  }
}
