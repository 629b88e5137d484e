// Inline rows with a shape: arrays within arrays, whose depth says what a row is.

import JSON

/// Reads nested `inputs`: rows × steps × features, rows × height × width × channels, or rows × tokens.
///
/// Sequences may differ in their numbers of steps: shorter ones are filled up with 0 at the end and have lengths. Every row,
/// step, line or number that does not fit is a fault at its own place.
struct NestedRows {
  /// Where the rows are.
  let pointer: JSONPointer
  let faults: FaultCollector
  let limits: DataLimits
  let layout: InputLayout
  /// The sizes that rows must have, in the order of the source; nil: those of the first row.
  let givenSizes: [Int]?
  /// Where the sizes are given; nil: they are those of a trained model.
  let sizesPlace: JSONPointer?
  /// Whether the numbers name tokens.
  let areTokens: Bool
  /// Whether sequences may differ in their numbers of steps.
  var mayBeShorter = true

  /// What was read.
  struct Reading {
    /// The columns of the source's row.
    var columns: [[Double]]
    var shape: InputShape
    /// Steps of each row where they differ.
    var lengths: [Int]?
  }

  /// An axis of the source's rows: what it counts, and in what there are others like it.
  private struct Axis {
    let noun: String
    /// "the other steps".
    let others: String
    /// Nil: every row has its own.
    var size: Int?

    /// One of what it counts.
    var one: String { String(noun.dropLast()) }
  }

  /// How many arrays stand within one another, the value itself among them; by the first of each that is not empty.
  static func depth(of value: JSONValue) -> Int {
    guard let array = value.arrayValue else { return 0 }
    if array.numbers != nil { return 1 }
    if array.matrix != nil { return 2 }
    guard let filled = array.first(where: { $0.arrayValue?.isEmpty == false }) ?? array.first else {
      return 1
    }
    return 1 + depth(of: filled)
  }

  /// Nil when a fault says why.
  ///
  /// - Parameter dimensions: 1 for tokens, 2 for sequences, 3 for images.
  func read(_ rows: JSONArray, dimensions: Int) -> Reading? {
    let before = faults.faults.count
    guard let first = rows.first(where: { Self.sizes(of: $0, dimensions) != nil }),
      let firstSizes = Self.sizes(of: first, dimensions)
    else {
      for (index, row) in rows.enumerated().prefix(FaultCollector.maximumInRows) {
        reportEmpty(row, axis: 0, of: dimensions, at: pointer.appending(index))
      }
      return nil
    }
    let stepAxis =
      dimensions == 3 || !mayBeShorter ? nil : layout == .channelsFirst && dimensions == 2 ? 1 : 0
    if !areGivenSizes(firstSizes, stepAxis: stepAxis) { return nil }
    var sizes = givenSizes ?? firstSizes
    let steps = stepAxis.map { axis in rows.map { Self.steps(of: $0, axis: axis) } }
    if let stepAxis, let steps, givenSizes == nil { sizes[stepAxis] = max(1, steps.max() ?? 1) }
    guard isSmallEnough(rows.count, sizes), let shape = layout.shape(ofSource: sizes) else { return nil }
    let columns = NumberColumns(width: shape.count, rows: rows.count)
    var row = RowOfNumbers(axes: axes(sizes), pointer: pointer, faults: faults)
    for (index, value) in rows.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { break }
      if let stepAxis, let steps {
        if steps[index] > sizes[stepAxis] {
          let bound = sizesPlace == nil ? "that the model takes" : "of `input_shape`"
          faults.add(
            "has \(steps[index]) steps, more than the \(sizes[stepAxis]) \(bound)",
            at: pointer.appending(index))
          continue
        }
        let outermost = value.arrayValue
        if steps[index] == 0, outermost?.isEmpty == true || outermost?.first?.arrayValue?.isEmpty == true {
          faults.add("a row needs at least one step", at: pointer.appending(index))
          continue
        }
        row.axes[stepAxis].size = steps[index]
      }
      guard row.read(value, index) else { continue }
      let count = row.numbers.count
      columns.row.update(repeating: 0, count: shape.count)
      if stepAxis == 1, count < shape.count {
        let (own, all) = (count / sizes[0], sizes[1])
        for (place, number) in row.numbers.enumerated() {
          columns.row[place / own * all + place % own] = number
        }
      } else {
        for (place, number) in row.numbers.enumerated() { columns.row[place] = number }
      }
      columns.endRow()
    }
    guard faults.faults.count == before else { return nil }
    var reading = Reading(columns: columns.finish(), shape: shape)
    if let stepAxis, let steps, steps.contains(where: { $0 != sizes[stepAxis] }) { reading.lengths = steps }
    return reading
  }

  /// Whether the first row has the sizes that are given, its own number of steps apart.
  private func areGivenSizes(_ found: [Int], stepAxis: Int?) -> Bool {
    guard let givenSizes, let sizesPlace else { return true }
    let differ = found.indices.contains { axis in
      axis != stepAxis && axis < givenSizes.count && found[axis] != givenSizes[axis]
    }
    if givenSizes.count == found.count, !differ { return true }
    faults.add(
      "\(text(ofSizes: givenSizes)) is given, but the first row is \(text(ofSizes: found))", at: sizesPlace)
    return false
  }

  /// The sizes of a value that is nested so deep and empty nowhere at its beginning.
  private static func sizes(of value: JSONValue, _ dimensions: Int) -> [Int]? {
    guard dimensions > 0 else { return [] }
    guard let array = value.arrayValue, let first = array.first,
      let inner = sizes(of: first, dimensions - 1)
    else { return nil }
    return [array.count] + inner
  }

  /// Reports the first array of a row that is empty, or what is none.
  private func reportEmpty(_ value: JSONValue, axis: Int, of dimensions: Int, at place: JSONPointer) {
    let axes = axes([Int](repeating: 1, count: dimensions))
    guard let array = value.arrayValue else {
      return faults.add(
        "expected an array of \(axes[axis].noun), got \(value.typeNameWithArticle)", at: place)
    }
    if let first = array.first {
      return reportEmpty(first, axis: axis + 1, of: dimensions, at: place.appending(0))
    }
    let whole = axis == 0 ? "row" : axes[axis - 1].one
    faults.add("a \(whole) needs at least one \(axes[axis].one)", at: place)
  }

  /// Steps of a row; 0 for what is none.
  private static func steps(of row: JSONValue, axis: Int) -> Int {
    (axis == 0 ? row.arrayValue : row.arrayValue?.first?.arrayValue)?.count ?? 0
  }

  /// Before anything is filled up: one long row makes all others as long.
  private func isSmallEnough(_ rows: Int, _ sizes: [Int]) -> Bool {
    let width = product(of: sizes) ?? .max
    let values = product(of: [rows, width]) ?? .max
    if width <= limits.maximumColumns, values <= limits.maximumValues { return true }
    faults.add(
      "\(rows) rows of \(text(ofSizes: sizes)) are \(values) values; at most \(limits.maximumColumns) values per row "
        + "and \(limits.maximumValues) in all are allowed", at: pointer)
    return false
  }

  private func axes(_ sizes: [Int]) -> [Axis] {
    let words: [(String, String)] =
      switch (sizes.count, layout) {
      case (1, _): [(areTokens ? "tokens" : "numbers", "rows")]
      case (2, .channelsLast): [("steps", "rows"), ("numbers", "steps")]
      case (2, .channelsFirst): [("features", "rows"), ("steps", "features")]
      case (_, .channelsLast): [("lines", "images"), ("pixels", "lines"), ("numbers", "pixels")]
      case (_, .channelsFirst): [("channels", "images"), ("lines", "channels"), ("numbers", "lines")]
      }
    return zip(words, sizes).map { words, size in
      Axis(noun: words.0, others: sizesPlace == nil ? "training" : "the other \(words.1)", size: size)
    }
  }

  /// One row's numbers, flattened in the order of the source.
  private struct RowOfNumbers {
    var axes: [Axis]
    let pointer: JSONPointer
    let faults: FaultCollector
    private(set) var numbers: [Double] = []
    /// Where the reading stands: the row, then the places in its arrays.
    private var path: [Int] = []
    /// Whether all of the row fits. Not asked of the faults: a full collector takes no more of them.
    private var isSound = true

    init(axes: [Axis], pointer: JSONPointer, faults: FaultCollector) {
      (self.axes, self.pointer, self.faults) = (axes, pointer, faults)
    }

    /// Whether all of a row fits.
    mutating func read(_ row: JSONValue, _ index: Int) -> Bool {
      numbers.removeAll(keepingCapacity: true)
      (path, isSound) = ([index], true)
      read(row, axis: 0)
      return isSound
    }

    private mutating func read(_ value: JSONValue, axis: Int) {
      let wanted = axes[axis]
      guard let array = value.arrayValue else {
        return fault("expected an array of \(wanted.noun), got \(value.typeNameWithArticle)")
      }
      if let size = wanted.size, array.count != size {
        return fault(
          "expected \(size) \(size == 1 ? wanted.one : wanted.noun) as in "
            + "\(wanted.others), got \(array.count)")
      }
      if axis == axes.count - 1 {
        if let own = array.numbers {
          numbers += own
        } else {
          for (index, value) in array.enumerated() { append(value, index) }
        }
      } else if axis == axes.count - 2, let (own, width) = array.matrix, width == axes[axis + 1].size {
        numbers += own
      } else {
        for (index, inner) in array.enumerated() {
          path.append(index)
          read(inner, axis: axis + 1)
          path.removeLast()
        }
      }
    }

    /// Null is a missing value.
    private mutating func append(_ value: JSONValue, _ index: Int) {
      if value.doubleValue == nil, !value.isNull {
        path.append(index)
        fault("expected a number, got \(value.typeNameWithArticle)")
        path.removeLast()
      }
      numbers.append(value.doubleValue ?? .nan)
    }

    private mutating func fault(_ detail: String) {
      isSound = false
      faults.add(detail, at: path.reduce(pointer) { $0.appending($1) })
    }
  }
}

extension JSONPointer {
  /// Where a number of a flattened row stands in the nested one, by the row's sizes.
  func appending(placesOf column: Int, in sizes: [Int]) -> JSONPointer {
    var rest = column
    var path: [Int] = []
    for size in sizes.reversed() {
      path.insert(rest % size, at: 0)
      rest /= size
    }
    return path.reduce(self) { $0.appending($1) }
  }
}
