// The kinds of elements that arrays in NumPy's format may have, and their bytes as columns of numbers.

/// A kind of element that is read.
struct NPYElement {
  enum Kind: Character {
    case float = "f"
    case integer = "i"
    case natural = "u"
    case boolean = "b"
  }

  let kind: Kind
  let size: Int
  private let isBigEndian: Bool

  /// How rows of such elements can be read where they lie: `<f4`, `|u1` and `|b1`.
  var storedKind: FloatRows.Kind? {
    switch (kind, size) {
    case (.float, 4): isBigEndian ? nil : .single
    case (.natural, 1), (.boolean, _): .octet
    default: nil
    }
  }

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
