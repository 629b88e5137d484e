// Numbers of single precision, or octets, that stay where they were received: a table without a copy.

/// A matrix of little-endian 32-bit floats or of octets, row-major, inside the bytes of a file.
///
/// Columns of it (`ColumnValues.floats`) share it, so that data of any size is read just when it is encoded.
package struct FloatRows: Equatable, Sendable {
  /// Rows of the matrix.
  package let rowCount: Int
  /// Columns of the matrix.
  package let width: Int
  private let bytes: [UInt8]
  private let start: Int
  private let kind: Kind

  /// What a number is stored as; the raw value is its size in bytes.
  package enum Kind: Int, Sendable {
    case octet = 1
    case single = 4
  }

  /// The rows that begin at byte `start`. All of them must lie in `bytes`.
  package init(_ bytes: [UInt8], start: Int, rows: Int, width: Int, kind: Kind = .single) {
    precondition(
      start >= 0 && rows >= 0 && width > 0 && bytes.count - start >= kind.rawValue * rows * width)
    (self.bytes, self.start, rowCount, self.width, self.kind) = (bytes, start, rows, width, kind)
  }

  /// The numbers of one column in some rows.
  package func numbers(_ column: Int, rows: some Collection<Int>) -> [Double] {
    withNumbers { numbers in rows.map { Double(numbers[$0, column]) } }
  }

  /// Whether no number is infinite or missing. One pass without a branch.
  package var areAllFinite: Bool {
    if kind == .octet { return true }
    return withNumbers { numbers in
      var found: UInt32 = 0
      for index in 0..<rowCount * width {
        // Only a full exponent carries into the sign.
        found |= (numbers.bits(at: index) & 0x7FFF_FFFF) &+ 0x0080_0000
      }
      return found >> 31 == 0
    }
  }

  /// Whether the two are the same part of the same file: O(1).
  package func isSame(as other: FloatRows) -> Bool {
    start == other.start && rowCount == other.rowCount && width == other.width
      && bytes.withUnsafeBytes { mine in other.bytes.withUnsafeBytes { mine.baseAddress == $0.baseAddress } }
  }

  /// Gives `body` a view of the bytes as numbers.
  @inline(__always)
  package func withNumbers<Value>(_ body: (Numbers) -> Value) -> Value {
    bytes.withUnsafeBytes {
      body(
        Numbers(
          bytes: UnsafeRawBufferPointer(rebasing: $0[start...]), rowCount: rowCount, width: width, kind: kind)
      )
    }
  }

  /// A view that reads from any address.
  package struct Numbers {
    fileprivate let bytes: UnsafeRawBufferPointer
    fileprivate let rowCount: Int
    fileprivate let width: Int
    fileprivate let kind: Kind

    /// The number at a place, both from 0.
    @inline(__always)
    package subscript(row: Int, column: Int) -> Float {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < width)
      let index = row * width + column
      return kind == .octet ? Float(bytes[index]) : Float(bitPattern: bits(at: index))
    }

    @inline(__always)
    fileprivate func bits(at index: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }
  }
}
