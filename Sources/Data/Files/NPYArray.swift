// Arrays in NumPy's file format, read strictly: what the header says is what the bytes are.

/// A matrix of numbers from a file that `numpy.save` writes.
///
/// Versions 1.0, 2.0 and 3.0 (NEP 1, numpy.lib.format); the header is read by its grammar and never evaluated. Elements
/// are little- or big-endian floats of 4 or 8 bytes, integers of 1 to 8 and booleans; objects, which would be pickled
/// code, structures and texts are refused. One dimension is one column; of more than two, all but the first make a row,
/// row-major. O(n), one pass over the data.
package struct NPYArray: Sendable {
  private enum Storage: Sendable {
    /// Rows of single precision or of octets, as most arrays are: read where they lie.
    case floats(FloatRows)
    case columns([[Double]])
  }

  private let storage: Storage
  /// Whether the elements are booleans, read as 0 and 1.
  package let isBoolean: Bool
  /// Length of the first dimension.
  package let rowCount: Int
  /// Lengths of all dimensions.
  package let shape: [Int]
  /// Numbers of a row: the product of all dimensions but the first.
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
  /// - Parameter dimensions: how many there may be.
  /// - Throws: the first violation of the format or of the limits. O(bytes).
  package init(
    _ bytes: [UInt8], maximumRows: Int, maximumColumns: Int, dimensions: ClosedRange<Int> = 1...2
  ) throws(NPYError) {
    guard Self.isLikely(bytes) else { throw NPYError(reason: .magic, byteOffset: 0) }
    let header = try NPYHeader(bytes)
    guard dimensions.contains(header.shape.count), let rows = header.shape.first else {
      throw NPYError(
        reason: .dimensions(header.shape.count, allowed: dimensions), byteOffset: header.shapeOffset)
    }
    // A width that is none is beyond every limit.
    let width = product(of: Array(header.shape.dropFirst())) ?? .max
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
    let (found, expected) = (bytes.count - header.end, product(of: [rows, width, element.size]) ?? .max)
    guard found == expected else {
      throw NPYError(
        reason: .dataSize(found: found, expected: expected),
        byteOffset: found < expected ? bytes.count : header.end + expected)
    }
    isBoolean = element.kind == .boolean
    if isBoolean, let position = bytes[header.end...].firstIndex(where: { $0 > 1 }) {
      throw NPYError(reason: .notBoolean(bytes[position]), byteOffset: position)
    }
    (rowCount, columnCount, shape) = (rows, width, header.shape)
    if let kind = element.storedKind, !header.isColumnMajor || width == 1 {
      storage = .floats(FloatRows(bytes, start: header.end, rows: rows, width: width, kind: kind))
      return
    }
    let columns = bytes.withUnsafeBytes { raw in
      let data = UnsafeRawBufferPointer(rebasing: raw[header.end...])
      return element.columns(data, rows: rows, width: width, isColumnMajor: header.isColumnMajor)
    }
    storage = .columns(
      header.isColumnMajor && header.shape.count > 2
        ? Self.columnMajorPlaces(of: Array(header.shape.dropFirst())).map { columns[$0] } : columns)
  }
  /// For each number of a row, row-major, its place in a row that has the first size fastest. O(numbers).
  private static func columnMajorPlaces(of sizes: [Int]) -> [Int] {
    var strides: [Int] = []
    var stride = 1
    for size in sizes {
      strides.append(stride)
      stride *= size
    }
    return (0..<stride).map { column in
      var (rest, place) = (column, 0)
      for axis in sizes.indices.reversed() {
        place += rest % sizes[axis] * strides[axis]
        rest /= sizes[axis]
      }
      return place
    }
  }
}
