// Arrays in NumPy's file format, read strictly: what the header says is what the bytes are.

import JSON

/// One violation of the format, at its byte.
package struct NPYError: Error, Equatable, Sendable {
  /// What is wrong.
  package enum Reason: Equatable, Sendable {
    case magic
    case version(major: UInt8, minor: UInt8)
    case shortHeader
    case longHeader(limit: Int)
    case header(expected: String)
    case repeatedKey(String)
    case unknownKey(String)
    case missingKey(String)
    case unsupportedType(String)
    case dimensions(Int)
    case empty
    case tooManyRows(limit: Int)
    case tooManyColumns(limit: Int)
    case dataSize(found: Int, expected: Int)
    case notBoolean(UInt8)
  }

  /// What is wrong.
  package var reason: Reason
  /// Bytes before the offending one.
  package var byteOffset: Int

  /// A violation at a byte, counted from 0.
  package init(reason: Reason, byteOffset: Int) {
    self.reason = reason
    self.byteOffset = byteOffset
  }
}

extension NPYError: CustomStringConvertible {
  package var description: String {
    let text =
      switch reason {
      case .magic: "not a file in NumPy's format"
      case .version(let major, let minor): "version \(major).\(minor) is not known; 1.0, 2.0 and 3.0 are"
      case .shortHeader: "the file ends within its header"
      case .longHeader(let limit): "the header has more than \(limit) bytes"
      case .header(let expected): "the header should have \(expected) here"
      case .repeatedKey(let key): "the header has `\(key)` twice"
      case .unknownKey(let key): "the header has an unknown key `\(key)`"
      case .missingKey(let key): "the header lacks `\(key)`"
      case .unsupportedType(let type):
        "elements of type `\(type)` are not read; numbers are: f4, f8, i1 to i8, u1 to u8 and b1"
      case .dimensions(let count): "the array has \(count) dimensions; rows and columns are needed"
      case .empty: "the array has no elements"
      case .tooManyRows(let limit): "more than \(limit) rows"
      case .tooManyColumns(let limit): "more than \(limit) columns"
      case .dataSize(let found, let expected): "\(found) bytes of data, but the header announces \(expected)"
      case .notBoolean(let byte): "\(byte) is no boolean"
      }
    return "byte \(byteOffset): \(text)"
  }
}

/// A matrix of numbers from a file that `numpy.save` writes.
///
/// Versions 1.0, 2.0 and 3.0 (NEP 1, numpy.lib.format); the header is read by its grammar and never evaluated. Elements
/// are little- or big-endian floats of 4 or 8 bytes, integers of 1 to 8 and booleans; objects, which would be pickled
/// code, structures and texts are refused. One dimension is one column. O(n), one pass over the data.
package struct NPYArray: Sendable {
  private enum Storage: Sendable {
    /// Rows of little-endian single precision, as most arrays are: read where they lie.
    case floats(FloatRows)
    case columns([[Double]])
  }

  private let storage: Storage
  /// Whether the elements are booleans, read as 0 and 1.
  package let isBoolean: Bool
  /// Length of the first dimension.
  package let rowCount: Int
  /// Length of the second dimension; 1 where there is none.
  package let columnCount: Int

  /// The numbers of a column. O(rows).
  package func numbers(of column: Int) -> [Double] {
    switch storage {
    case .floats(let floats): floats.numbers(column, rows: 0..<rowCount)
    case .columns(let columns): columns[column]
    }
  }

  /// A column as a table has it, not copied. O(1).
  package func values(of column: Int) -> ColumnValues {
    switch storage {
    case .floats(let floats): .floats(floats, column: column)
    case .columns(let columns): .numbers(columns[column])
    }
  }

  /// Whether no number is infinite or missing.
  package var areAllFinite: Bool {
    switch storage {
    case .floats(let floats): floats.areAllFinite
    case .columns(let columns): columns.allSatisfy { $0.allSatisfy { $0.isFinite } }
    }
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Whether the bytes begin as such a file does, and as no text can.
  package static func isLikely(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// Reads a whole file.
  ///
  /// - Throws: the first violation of the format or of the limits. O(bytes).
  package init(_ bytes: [UInt8], maximumRows: Int, maximumColumns: Int) throws(NPYError) {
    guard Self.isLikely(bytes) else { throw NPYError(reason: .magic, byteOffset: 0) }
    let header = try NPYHeader(bytes)
    guard (1...2).contains(header.shape.count) else {
      throw NPYError(reason: .dimensions(header.shape.count), byteOffset: header.shapeOffset)
    }
    let (rows, width) = (header.shape[0], header.shape.count == 1 ? 1 : header.shape[1])
    let fault: NPYError.Reason? =
      if rows == 0 || width == 0 {
        .empty
      } else if rows > maximumRows {
        .tooManyRows(limit: maximumRows)
      } else if width > maximumColumns {
        .tooManyColumns(limit: maximumColumns)
      } else {
        nil
      }
    if let fault { throw NPYError(reason: fault, byteOffset: header.shapeOffset) }
    let element = try NPYElement(header.type, at: header.typeOffset)
    let (found, expected) = (bytes.count - header.end, rows * width * element.size)
    guard found == expected else {
      throw NPYError(
        reason: .dataSize(found: found, expected: expected),
        byteOffset: min(bytes.count, header.end + expected))
    }
    isBoolean = element.kind == .boolean
    if isBoolean, let position = bytes[header.end...].firstIndex(where: { $0 > 1 }) {
      throw NPYError(reason: .notBoolean(bytes[position]), byteOffset: position)
    }
    (rowCount, columnCount) = (rows, width)
    if element.isSinglePrecision, !header.isColumnMajor || width == 1 {
      storage = .floats(FloatRows(bytes, start: header.end, rows: rows, width: width))
      return
    }
    storage = .columns(
      bytes.withUnsafeBytes { raw in
        let data = UnsafeRawBufferPointer(rebasing: raw[header.end...])
        return element.columns(data, rows: rows, width: width, isColumnMajor: header.isColumnMajor)
      })
  }
}

/// What the header says, and where.
private struct NPYHeader {
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

/// A kind of element that is read.
private struct NPYElement {
  enum Kind: Character {
    case float = "f"
    case integer = "i"
    case natural = "u"
    case boolean = "b"
  }

  let kind: Kind
  let size: Int
  private let isBigEndian: Bool

  /// Whether it is `<f4`.
  var isSinglePrecision: Bool { kind == .float && size == 4 && !isBigEndian }

  /// `<f4`, `>i8`, `|u1`: the order of bytes, which single ones do not have, the kind and the size.
  init(_ type: String, at offset: Int) throws(NPYError) {
    let characters = Array(type)
    let sizes: [Kind: [Int]] = [
      .float: [4, 8], .integer: [1, 2, 4, 8], .natural: [1, 2, 4, 8], .boolean: [1],
    ]
    guard characters.count == 3, let kind = Kind(rawValue: characters[1]),
      let size = characters[2].wholeNumberValue,
      sizes[kind]?.contains(size) == true, "<>|".contains(characters[0]), characters[0] != "|" || size == 1
    else { throw NPYError(reason: .unsupportedType(type), byteOffset: offset) }
    self.kind = kind
    self.size = size
    isBigEndian = characters[0] == ">"
  }

  func columns(_ data: UnsafeRawBufferPointer, rows: Int, width: Int, isColumnMajor: Bool) -> [[Double]] {
    let shape = Shape(rows: rows, width: width, isColumnMajor: isColumnMajor)
    return switch (kind, size) {
    case (.float, 4): columns(data, shape) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
    case (.float, _): columns(data, shape) { (bits: UInt64) in Double(bitPattern: bits) }
    case (.integer, 1): columns(data, shape) { (bits: UInt8) in Double(Int8(bitPattern: bits)) }
    case (.integer, 2): columns(data, shape) { (bits: UInt16) in Double(Int16(bitPattern: bits)) }
    case (.integer, 4): columns(data, shape) { (bits: UInt32) in Double(Int32(bitPattern: bits)) }
    case (.integer, _): columns(data, shape) { (bits: UInt64) in Double(Int64(bitPattern: bits)) }
    case (_, 1): columns(data, shape) { (bits: UInt8) in Double(bits) }
    case (_, 2): columns(data, shape) { (bits: UInt16) in Double(bits) }
    case (_, 4): columns(data, shape) { (bits: UInt32) in Double(bits) }
    default: columns(data, shape) { (bits: UInt64) in Double(bits) }
    }
  }

  private struct Shape {
    var rows: Int
    var width: Int
    var isColumnMajor: Bool
  }

  @inline(__always)
  private func columns<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ data: UnsafeRawBufferPointer, _ shape: Shape, _ number: (Bits) -> Double
  ) -> [[Double]] {
    let size = MemoryLayout<Bits>.size
    precondition(data.count == shape.rows * shape.width * size, "the size was checked")
    let isBigEndian = isBigEndian
    func element(_ index: Int) -> Double {
      let bits = data.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
      return number(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
    }
    if shape.isColumnMajor || shape.width == 1 {
      return (0..<shape.width).map { column in
        (0..<shape.rows).map { element(column * shape.rows + $0) }
      }
    }
    let columns = NumberColumns(width: shape.width, rows: shape.rows)
    for row in 0..<shape.rows {
      let (target, first) = (columns.row, row * shape.width)
      for column in 0..<shape.width { target[column] = element(first + column) }
      columns.endRow()
    }
    return columns.finish()
  }
}
