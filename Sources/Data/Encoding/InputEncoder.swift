// Feature columns as the numbers a network sees, by what the training rows say.

import JSON

/// What the training rows say about one feature.
package enum FeatureEncoding: Equatable, Sendable {
  /// (x − center) / scale; `mean` fills a missing value.
  case number(mean: Double, center: Double, scale: Double)
  /// One column per label, 1 at the row's own; `shares` fill a missing value.
  case classes(labels: [String], shares: [Double])

  /// Columns of the encoded row.
  package var width: Int {
    switch self {
    case .number: 1
    case .classes(let labels, _): labels.count
    }
  }

  init(_ moments: ColumnMoments, standardize: Bool) {
    self = .number(
      mean: moments.mean, center: standardize ? moments.mean : 0, scale: standardize ? moments.scale : 1)
  }

  /// Whether the 32-bit number that the network would see is finite.
  package func canEncode(_ number: Double) -> Bool {
    guard case .number(_, let center, let scale) = self else { return false }
    return Float((number - center) / scale).isFinite
  }

  /// How numbers are encoded; nil for classes.
  fileprivate var scaling: Scaling? {
    guard case .number(let mean, let center, let scale) = self else { return nil }
    return Scaling(center: center, scale: scale, missing: (mean - center) / scale)
  }

  fileprivate struct Scaling {
    let center: Double
    let scale: Double
    /// What stands for a missing value.
    let missing: Double

    @inline(__always)
    func scaled(_ number: Double) -> Float {
      let value = (number - center) / scale
      // What is not equal to itself is not a number.
      return Float(value == value ? value : missing)
    }
  }
}

/// Encodes features: numbers standardised to mean 0 and standard deviation 1 over the training rows, classes one-hot
/// with a column for each label, of two labels also.
///
/// Rows with a shape are standardised by channel: one mean and deviation for all positions, over the steps that rows have.
/// They are encoded with channels last, whatever the order of the source, and 0 behind their last step; tokens stay as they
/// are.
///
/// A constant column becomes 0 rather than a division by 0. One-hot columns are left as they are: standardising
/// would give rare classes large values. Under `missing: mean` a missing number becomes the training mean and a missing
/// class each label's share of the training rows, which is the mean of its one-hot rows.
package struct InputEncoder: Equatable, Sendable {
  /// The features, in the order of the source.
  package var names: [String]
  /// How each of them is encoded.
  package var encodings: [FeatureEncoding]
  /// What becomes of a missing value.
  package var missing: MissingPolicy
  /// What the features of a row are together; nil: numbers and classes in no order.
  package var form: RowForm?
  /// Whether rows may have fewer steps than the shape.
  package var hasLengths = false
  /// The column of a table that has the steps of each row.
  package var lengthsColumn: String?
  /// Rows of a table that make one row: features that are named once and repeated at every step; nil: none.
  package var window: WindowSection?
  /// What becomes of a class that is none of the labels.
  package var unknown = UnknownPolicy.error
  /// How the table was written; nil where the rows had no columns with names.
  package var format: TableFormat?

  /// Values of an encoded row.
  package var width: Int { encodings.reduce(0) { $0 + $1.width } }

  /// What the encoded row is, channels last; nil: a vector.
  package var shape: InputShape? { form?.shape }

  /// The features, each named once.
  package var columnNames: [String] {
    window == nil ? names : Array(names.prefix(form?.shape.channels ?? names.count))
  }

  /// An encoder of features whose encodings are known.
  package init(names: [String], encodings: [FeatureEncoding], missing: MissingPolicy) {
    self.names = names
    self.encodings = encodings
    self.missing = missing
  }

  /// Fits the encoding to `rows` of a table.
  package init(_ table: Table, rows: [Int], standardize: Bool, missing: MissingPolicy) {
    guard let form = table.form else {
      self.init(features: table.features, rows: rows, standardize: standardize, missing: missing)
      return
    }
    let moments = ColumnMoments.ofChannels(table.features, form, rows: rows, lengths: table.lengths)
    let channels = moments.map { moments in
      FeatureEncoding(moments, standardize: standardize && form.tokens == nil)
    }
    self.init(
      names: table.features.map(\.name),
      encodings: table.features.indices.map { channels[form.layout.place($0, in: form.shape).channel] },
      missing: missing)
    self.form = form
    hasLengths = table.lengths != nil
  }

  /// Fits the encoding to `rows` of the features.
  package init(features: [Column], rows: [Int], standardize: Bool, missing: MissingPolicy) {
    names = features.map(\.name)
    self.missing = missing
    func number(_ moments: ColumnMoments) -> FeatureEncoding {
      FeatureEncoding(moments, standardize: standardize)
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
  ///
  /// - Parameter lengths: the steps of every row of the columns, where they differ.
  package func encode(_ features: [Column], rows: [Int], lengths: [Int]? = nil) -> [Float] {
    guard let form else { return encode(columns: features, rows: rows) }
    // Rows with a shape are numbers alone, so that a feature is one number of the row.
    let order = form.layout.order(of: form.shape)
    var arranged = self
    arranged.encodings = order.map { encodings[$0] }
    var encoded = arranged.encode(columns: order.map { features[$0] }, rows: rows)
    guard let lengths, let steps = form.steps else { return encoded }
    let (width, stepWidth) = (form.shape.count, form.shape.count / steps)
    for (index, row) in rows.enumerated() {
      for place in index * width + lengths[row] * stepWidth..<(index + 1) * width { encoded[place] = 0 }
    }
    return encoded
  }

  /// The columns one after the other, with their encodings.
  private func encode(columns features: [Column], rows: [Int]) -> [Float] {
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
    let places = Array(zip(columns, encodings.compactMap(\.scaling)))
    precondition(places.count == encodings.count, "a column changed its kind after it was read")
    return [Float](unsafeUninitializedCapacity: rows.count * places.count) { encoded, count in
      floats.withNumbers { numbers in
        var target = 0
        for row in rows {
          for (column, scaling) in places {
            encoded[target] = scaling.scaled(Double(numbers[row, column]))
            target += 1
          }
        }
        count = target
      }
    }
  }

  private func encode(
    _ values: ColumnValues, _ encoding: FeatureEncoding, _ rows: [Int], _ block: Range<Int>, width: Int,
    offset: Int, into encoded: UnsafeMutableBufferPointer<Float>
  ) {
    func fill(_ number: (Int) -> Double) {
      guard let scaling = encoding.scaling else {
        preconditionFailure("a column changed its kind after it was read")
      }
      var target = block.lowerBound * width + offset
      for row in rows[block] {
        encoded[target] = scaling.scaled(number(row))
        target += width
      }
    }
    switch (encoding, values) {
    case (_, .numbers(let values)): fill { values[$0] }
    case (_, .floats(let floats, let column)):
      floats.withNumbers { numbers in fill { Double(numbers[$0, column]) } }
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
