// The header of a file in NumPy's format, read by its grammar and never evaluated.

/// What the header says, and where.
struct NPYHeader {
  private(set) var type = ""
  private(set) var isColumnMajor = false
  private(set) var shape: [Int] = []
  private(set) var typeOffset = 0
  private(set) var shapeOffset = 0
  /// Where the data begin.
  private(set) var end = 0

  private static let maximumLength = 65_536

  /// `magic major minor length {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`, then spaces and a line end.
  init(_ bytes: [UInt8]) throws(NPYError) {
    guard bytes.count >= 8 else { throw NPYError(reason: .shortHeader, byteOffset: bytes.count) }
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw NPYError(reason: .version(major: major, minor: minor), byteOffset: 6)
    }
    let start = major == 1 ? 10 : 12
    guard bytes.count >= start else { throw NPYError(reason: .shortHeader, byteOffset: bytes.count) }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.maximumLength else {
      throw NPYError(reason: .longHeader(limit: Self.maximumLength), byteOffset: 8)
    }
    end = start + length
    guard bytes.count >= end else { throw NPYError(reason: .shortHeader, byteOffset: bytes.count) }
    var text = NPYHeaderText(bytes: bytes, position: start, end: end)
    try read(&text)
  }

  private mutating func read(_ text: inout NPYHeaderText) throws(NPYError) {
    var missing = ["descr", "fortran_order", "shape"]
    let start = text.position
    try text.expect("{")
    while !text.skips("}") {
      let place = text.position
      let key = try text.string()
      guard let index = missing.firstIndex(of: key) else {
        let isKnown = ["descr", "fortran_order", "shape"].contains(key)
        throw NPYError(reason: isKnown ? .repeatedKey(key) : .unknownKey(key), byteOffset: place)
      }
      missing.remove(at: index)
      try text.expect(":")
      text.skipSpaces()
      switch key {
      case "descr":
        typeOffset = text.position
        if text.next == UInt8(ascii: "[") {
          throw NPYError(reason: .unsupportedType("structure"), byteOffset: typeOffset)
        }
        type = try text.string()
      case "fortran_order": isColumnMajor = try text.bool()
      default:
        shapeOffset = text.position
        shape = try text.tuple()
      }
      if !text.skips(",") {
        try text.expect("}")
        break
      }
    }
    if let key = missing.first { throw NPYError(reason: .missingKey(key), byteOffset: start) }
    try text.finish()
  }
}

/// The header's text, read from the front.
private struct NPYHeaderText {
  let bytes: [UInt8]
  var position: Int
  let end: Int

  var next: UInt8? { position < end ? bytes[position] : nil }

  mutating func skipSpaces() {
    while next == UInt8(ascii: " ") { position += 1 }
  }

  /// Whether `mark` comes next, behind any spaces; then it is skipped.
  mutating func skips(_ mark: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard next == UInt8(ascii: mark) else { return false }
    position += 1
    skipSpaces()
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(NPYError) {
    guard skips(mark) else { throw fault("`\(mark)`") }
  }

  /// A text in quotes, without escapes.
  mutating func string() throws(NPYError) -> String {
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw fault("a text in quotes")
    }
    let start = position + 1
    guard let close = bytes[start..<end].firstIndex(of: quote), close - start <= 64 else {
      throw fault("a text in quotes")
    }
    position = close + 1
    return String(decoding: bytes[start..<close], as: UTF8.self)
  }

  mutating func bool() throws(NPYError) -> Bool {
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position..<end].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw fault("True or False")
  }

  /// Whole numbers in parentheses; one of them has a comma behind it. What does not fit is the largest number.
  mutating func tuple() throws(NPYError) -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !skips(")") {
      let start = position
      var number = 0
      while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        let (product, overflows) = number.multipliedReportingOverflow(by: 10)
        let (sum, overflowsToo) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
        number = overflows || overflowsToo ? .max : sum
        position += 1
      }
      if position == start { throw fault("a number") }
      numbers.append(number)
      if skips(",") { continue }
      guard numbers.count > 1, next == UInt8(ascii: ")") else { throw fault("`,` or `)`") }
    }
    return numbers
  }

  /// Nothing but spaces and the line's end is left.
  mutating func finish() throws(NPYError) {
    skipSpaces()
    guard next == UInt8(ascii: "\n"), position + 1 == end else { throw fault("spaces up to a line end") }
  }

  private func fault(_ expected: String) -> NPYError {
    NPYError(reason: .header(expected: expected), byteOffset: position)
  }
}
