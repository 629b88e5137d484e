// The array of JSON values, with compact storage for the common cases of nothing but numbers and of a matrix.

/// An ordered list of JSON values (RFC 8259 §5).
///
/// An array of numbers alone is held as `[Double]`, eight bytes an element, and so is an array of equally long arrays of
/// numbers, so that a matrix costs no more than its numbers. Which storage is used shows only in `numbers` and `matrix`.
public struct JSONArray: Sendable, Equatable {
  /// Canonical: `.numbers` exactly when every element is a number, which also holds for the empty array; `.matrix` exactly
  /// when there are elements and every one is an array of `width` numbers, one or more.
  private enum Storage: Sendable, Equatable {
    case numbers([Double])
    case matrix([Double], width: Int)
    case values([JSONValue])
  }

  private var storage: Storage

  /// An array without elements.
  public init() {
    storage = .numbers([])
  }

  /// An array of any values; numbers alone are kept compactly.
  public init(_ values: [JSONValue]) {
    self.init()
    for (index, value) in values.enumerated() {
      append(value)
      // What is neither numbers nor a matrix so far will never be.
      if case .values = storage, index + 1 < values.count {
        storage = .values(values)
        return
      }
    }
  }

  /// The rows of a matrix, one after the other, `width` numbers each.
  init(matrix numbers: [Double], width: Int) {
    precondition(width > 0 && numbers.count.isMultiple(of: width))
    storage = numbers.isEmpty ? .numbers([]) : .matrix(numbers, width: width)
  }

  /// An array of numbers, kept as they are.
  public init(numbers: [Double]) {
    storage = .numbers(numbers)
  }

  /// Numbers that are written with the fewest digits that give back the same `Float`.
  public init(floats: [Float]) {
    storage = .numbers(floats.map(shortestDouble))
  }

  /// The elements, when every one of them is a number. O(1).
  public var numbers: [Double]? {
    if case .numbers(let numbers) = storage { numbers } else { nil }
  }

  /// The rows one after the other and the width of each, when every element is an array of equally many numbers. O(1).
  public var matrix: (numbers: [Double], width: Int)? {
    if case .matrix(let numbers, let width) = storage { (numbers, width) } else { nil }
  }

  /// Appends one value. Amortised O(1) and what a row costs; the first element that is not like those before it costs
  /// one pass over them.
  public mutating func append(_ value: JSONValue) {
    switch (storage, value) {
    case (.numbers(let none), .array(let row)) where none.isEmpty && row.numbers?.isEmpty == false:
      storage = .matrix(row.numbers ?? [], width: row.count)
    case (.matrix(var numbers, let width), .array(let row)) where row.numbers?.count == width:
      storage = .values([])
      numbers += row.numbers ?? []
      storage = .matrix(numbers, width: width)
    case (.matrix, _):
      storage = .values(Array(self) + [value])
    case (.numbers(var numbers), .number(let number)):
      // The storage lets go of its elements first, so that they are not copied.
      storage = .values([])
      numbers.append(number)
      storage = .numbers(numbers)
    case (.numbers(let numbers), _):
      storage = .values(numbers.map(JSONValue.number) + [value])
    case (.values(var values), _):
      storage = .numbers([])
      values.append(value)
      storage = .values(values)
    }
  }
}

extension JSONArray: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }

  /// The number of elements.
  public var endIndex: Int {
    switch storage {
    case .numbers(let numbers): numbers.count
    case .matrix(let numbers, let width): numbers.count / width
    case .values(let values): values.count
    }
  }

  /// The element, made on demand where numbers are kept compactly.
  public subscript(position: Int) -> JSONValue {
    switch storage {
    case .numbers(let numbers): .number(numbers[position])
    case .matrix(let numbers, let width):
      .array(JSONArray(numbers: Array(numbers[position * width..<(position + 1) * width])))
    case .values(let values): values[position]
    }
  }
}

extension JSONArray: ExpressibleByArrayLiteral {
  /// The elements in their order.
  public init(arrayLiteral elements: JSONValue...) {
    self.init(elements)
  }
}
