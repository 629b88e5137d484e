// The array of JSON values, with compact storage for the common case of nothing but numbers.

/// An ordered list of JSON values (RFC 8259 §5).
///
/// An array of numbers alone is held as `[Double]`, eight bytes an element, so that a matrix costs no more
/// than its numbers. Which storage is used shows only in `numbers`.
public struct JSONArray: Sendable, Equatable {
  /// Canonical: `.numbers` exactly when every element is a number, which also holds for the empty array.
  private enum Storage: Sendable, Equatable {
    case numbers([Double])
    case values([JSONValue])
  }

  private var storage: Storage

  public init() {
    storage = .numbers([])
  }

  public init(_ values: [JSONValue]) {
    var numbers: [Double] = []
    numbers.reserveCapacity(values.count)
    for value in values {
      guard case .number(let number) = value else {
        storage = .values(values)
        return
      }
      numbers.append(number)
    }
    storage = .numbers(numbers)
  }

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

  /// Appends one value. Amortised O(1); the first element that is no number costs one pass over those before it.
  public mutating func append(_ value: JSONValue) {
    switch (storage, value) {
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
  public var startIndex: Int { 0 }

  public var endIndex: Int {
    switch storage {
    case .numbers(let numbers): numbers.count
    case .values(let values): values.count
    }
  }

  public subscript(position: Int) -> JSONValue {
    switch storage {
    case .numbers(let numbers): .number(numbers[position])
    case .values(let values): values[position]
    }
  }
}

extension JSONArray: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: JSONValue...) {
    self.init(elements)
  }
}
