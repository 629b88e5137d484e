// Writing a JSON value as bytes: always valid JSON, always the shortest text that reads back the same.

extension JSONValue {
  /// JSON text (RFC 8259) in UTF-8.
  ///
  /// Numbers are the shortest decimals that read back as the same double, whole ones without a fraction.
  /// JSON has no text for non-finite numbers: they become the strings "NaN", "Infinity" and "-Infinity".
  /// `pretty` indents by two spaces and ends with a newline; arrays of numbers stay on one line.
  public func serialized(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(isPretty: pretty)
    writer.write(self)
    if pretty { writer.bytes.append(UInt8(ascii: "\n")) }
    return writer.bytes
  }
}

private struct JSONWriter {
  let isPretty: Bool
  var bytes: [UInt8] = []
  private var depth = 0

  init(isPretty: Bool) {
    self.isPretty = isPretty
  }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let bool): append(bool ? "true" : "false")
    case .number(let number): write(number)
    case .string(let string): write(string)
    case .array(let array): write(array)
    case .object(let object): write(object)
    }
  }

  private mutating func write(_ array: JSONArray) {
    if let numbers = array.numbers {
      bytes.append(UInt8(ascii: "["))
      for (index, number) in numbers.enumerated() {
        if index > 0 { append(isPretty ? ", " : ",") }
        write(number)
      }
      bytes.append(UInt8(ascii: "]"))
    } else {
      list(array, from: "[", to: "]") { writer, value in writer.write(value) }
    }
  }

  private mutating func write(_ object: JSONObject) {
    guard !object.isEmpty else { return append("{}") }
    list(object.pairs, from: "{", to: "}") { writer, pair in
      writer.write(pair.key)
      writer.append(writer.isPretty ? ": " : ":")
      writer.write(pair.value)
    }
  }

  private mutating func list<Items: Sequence>(
    _ items: Items, from open: String, to close: String, _ write: (inout JSONWriter, Items.Element) -> Void
  ) {
    append(open)
    depth += 1
    var isFirst = true
    for item in items {
      if !isFirst { append(",") }
      isFirst = false
      breakLine()
      write(&self, item)
    }
    depth -= 1
    breakLine()
    append(close)
  }

  private mutating func breakLine() {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func write(_ number: Double) {
    if number.isNaN {
      append("\"NaN\"")
    } else if number.isInfinite {
      append(number < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    } else if let integer = exactInteger(number), integer != 0 {
      append(integer.description)
    } else {
      // Swift's description is the shortest that round-trips, and its exponents are valid JSON.
      var text = number.description
      text.withUTF8 { text in
        let isWhole =
          text.count > 2 && text[text.count - 2] == UInt8(ascii: ".") && text.last == UInt8(ascii: "0")
        bytes.append(contentsOf: isWhole ? UnsafeBufferPointer(rebasing: text.dropLast(2)) : text)
      }
    }
  }

  private mutating func write(_ string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case 0..<0x20: append("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }
}
