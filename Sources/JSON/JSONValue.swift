// The value type that every JSON document is read into and written from.

/// One JSON value (RFC 8259 §3).
///
/// Numbers are IEEE 754 doubles, as I-JSON (RFC 7493 §2.2) advises; integers are exact up to 2^53.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array(JSONArray)
  case object(JSONObject)

  /// A number whose decimal text is the shortest that reads back as the same `Float`: 0.1, not 0.10000000149011612.
  public static func float(_ value: Float) -> JSONValue {
    .number(shortestDouble(value))
  }

  /// An integer. Exact up to 2^53 in magnitude, like every JSON number here.
  public static func integer(_ value: Int) -> JSONValue {
    .number(Double(value))
  }

  /// A measured or estimated duration, to the microsecond: further digits would be noise.
  public static func seconds(_ value: Double) -> JSONValue {
    .number((value * 1e6).rounded() / 1e6)
  }

  /// The truth value, if it is one.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The number, if it is one.
  public var doubleValue: Double? {
    if case .number(let value) = self { value } else { nil }
  }

  /// The number as an integer, if it is one of magnitude at most 2^53.
  public var intValue: Int? {
    if case .number(let value) = self { exactInteger(value) } else { nil }
  }

  /// The text, if it is one.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The array, if it is one.
  public var arrayValue: JSONArray? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The object, if it is one.
  public var objectValue: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// Whether it is null.
  public var isNull: Bool {
    self == .null
  }

  /// The kind of value as a client reads it in an error: `null`, `boolean`, `number`, `string`, `array`, `object`.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// The kind of value as it stands in a sentence: "null", "a number", "an array".
  public var typeNameWithArticle: String {
    switch self {
    case .null: typeName
    case .array, .object: "an \(typeName)"
    case .bool, .number, .string: "a \(typeName)"
    }
  }

  /// The member of that name; nil if there is none or the value is not an object.
  public subscript(key: String) -> JSONValue? {
    objectValue?[key]
  }
}

extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A number, exact up to 2^53.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array of these elements.
  public init(arrayLiteral elements: JSONValue...) { self = .array(JSONArray(elements)) }
  /// An object of these members, in their order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

/// The double nearest to the shortest decimal text of `value`.
///
/// That text has at most nine significant digits, and up to fifteen survive decimal → double → decimal,
/// so writing the double gives the same text again.
func shortestDouble(_ value: Float) -> Double {
  guard value.isFinite else { return Double(value) }
  var text = value.description
  let prefix = text.withUTF8 { text in
    text.baseAddress.flatMap { DecimalPrefix(from: $0, to: $0 + text.count) }
  }
  return prefix?.value ?? Double(text) ?? Double(value)
}

/// The integer equal to `value`, if its magnitude is at most 2^53.
///
/// Not `Int(exactly:)`: that calls `trunc` of libm, for which this target would have to import libc.
func exactInteger(_ value: Double) -> Int? {
  guard abs(value) <= 0x1p53, Double(Int(value)) == value else { return nil }
  return Int(value)
}
