// Reading one JSON number: the strict grammar, and the nearest double to its decimal value.

extension JSONParser {
  /// Reads numbers and commas up to the array's end, whose bracket is read too, or to an element that is no number of
  /// ordinary length. Whatever is wrong there, `number()` and what follows it will say.
  ///
  /// - Returns: true at the array's end; false where `position` is at an element not yet read.
  mutating func ordinaryNumbers(into numbers: inout [Double]) -> Bool {
    let maximumLength = limits.maximumNumberLength
    let (length, isEnd) = bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return (0, false) }
      let start = base + position
      var element = start
      let isEnd = readNumbers(&element, base + bytes.count, maximumLength, into: &numbers)
      return (element - start, isEnd)
    }
    position += length
    return isEnd
  }

  /// Reads rows of equally many ordinary numbers, beginning at the bracket of the first, up to the end of the array that
  /// they make up, or to an element that is otherwise.
  ///
  /// - Returns: the rows, and true at the array's end; false where `position` is at an element not yet read.
  mutating func ordinaryRows() -> (rows: JSONArray, isEnd: Bool) {
    let maximumLength = limits.maximumNumberLength
    var numbers: [Double] = []
    var width = 0
    var room = room
    let (length, isEnd) = bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return (0, false) }
      let (start, limit) = (base + position, base + bytes.count)
      var row = start
      while row < limit, row.pointee == UInt8(ascii: "[") {
        let before = numbers.count
        var next = row + 1
        skipWhitespace(&next, limit)
        let isWhole = readNumbers(&next, limit, maximumLength, into: &numbers)
        let count = numbers.count - before
        skipWhitespace(&next, limit)
        let isEnd = next < limit && next.pointee == UInt8(ascii: "]")
        guard isWhole, width == 0 || count == width,
          isEnd || (next < limit && next.pointee == UInt8(ascii: ","))
        else {
          numbers.removeLast(count)
          break
        }
        next += 1
        if width == 0 {
          // As many rows like the first as the text may hold; pages that stay empty cost nothing.
          let expected = min(room, (limit - next) / (next - row) * count)
          numbers.reserveCapacity(count + expected)
          room -= expected
          width = count
        }
        if isEnd { return (next - start, true) }
        skipWhitespace(&next, limit)
        row = next
      }
      return (row - start, false)
    }
    position += length
    self.room = room
    return (JSONArray(matrix: numbers, width: max(1, width)), isEnd)
  }

  /// `-? (0 | [1-9][0-9]*) ('.' [0-9]+)? ([eE] [+-]? [0-9]+)?` (RFC 8259 §6), correctly rounded.
  mutating func number() throws(JSONSyntaxError) -> Double {
    let start = position
    let isNegative = peek() == UInt8(ascii: "-")
    if isNegative { position += 1 }

    var decimal = DecimalNumber()
    let hasLeadingZero = peek() == UInt8(ascii: "0")
    let integerStart = position
    try digits { decimal.append($0) }
    if hasLeadingZero && position - integerStart > 1 { throw error(.leadingZero, at: integerStart) }
    if peek() == UInt8(ascii: ".") {
      position += 1
      try digits { decimal.appendFraction($0) }
    }
    if let byte = peek(), byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      position += 1
      let sign = peek()
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
      var exponent = 0
      // Beyond a million the value is zero or overflows; the slow path decides which.
      try digits { exponent = min(exponent * 10 + $0, 1_000_000) }
      decimal.exponent += sign == UInt8(ascii: "-") ? -exponent : exponent
    }
    guard position - start <= limits.maximumNumberLength else {
      throw error(.numberTooLong(maximumLength: limits.maximumNumberLength), at: start)
    }
    if let magnitude = decimal.exactlyRounded { return isNegative ? -magnitude : magnitude }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
      throw error(.numberOverflow, at: start)
    }
    return value
  }

  /// One digit or more.
  private mutating func digits(_ use: (Int) -> Void) throws(JSONSyntaxError) {
    guard let first = peek() else { throw error(.unexpectedEnd(expected: .digit)) }
    guard isDigit(first) else { throw error(.unexpectedByte(first, expected: .digit)) }
    while let byte = peek(), isDigit(byte) {
      use(Int(byte &- UInt8(ascii: "0")))
      position += 1
    }
  }
}

/// Reads numbers from `element` on: true behind the bracket that ends them, false at an element not read.
@inline(__always)
private func readNumbers(
  _ element: inout UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>, _ maximumLength: Int,
  into numbers: inout [Double]
) -> Bool {
  while let number = DecimalPrefix(from: element, to: limit), number.isJSON,
    number.end - element <= maximumLength
  {
    var next = number.end
    skipWhitespace(&next, limit)
    guard next < limit else { return false }
    let separator = next.pointee
    guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: "]") else { return false }
    numbers.append(number.value)
    next += 1
    if separator == UInt8(ascii: ",") { skipWhitespace(&next, limit) }
    element = next
    if separator == UInt8(ascii: "]") { return true }
  }
  return false
}

@inline(__always)
private func skipWhitespace(_ position: inout UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>) {
  while position < limit, isWhitespace(position.pointee) { position += 1 }
}
