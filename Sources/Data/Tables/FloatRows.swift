// Numbers of single precision that stay where they were received: a table without a copy.

/// A matrix of little-endian 32-bit floats, row-major, inside the bytes of a file.
///
/// Columns of it (`ColumnValues.floats`) share it, so that data of any size is read just when it is encoded.
package struct FloatRows: Equatable, Sendable {
  /// Rows of the matrix.
  package let rowCount: Int
  /// Columns of the matrix.
  package let width: Int
  private let bytes: [UInt8]
  private let start: Int

  /// The rows that begin at byte `start`. All of them must lie in `bytes`.
  package init(_ bytes: [UInt8], start: Int, rows: Int, width: Int) {
    precondition(start >= 0 && rows >= 0 && width > 0 && bytes.count - start >= 4 * rows * width)
    (self.bytes, self.start, rowCount, self.width) = (bytes, start, rows, width)
  }

  /// The numbers of one column in some rows.
  package func numbers(_ column: Int, rows: some Collection<Int>) -> [Double] {
    withNumbers { numbers in rows.map { Double(numbers[$0, column]) } }
  }

  /// Whether no number is infinite or missing. One pass without a branch.
  package var areAllFinite: Bool {
    withNumbers { numbers in
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
      body(Numbers(bytes: UnsafeRawBufferPointer(rebasing: $0[start...]), rowCount: rowCount, width: width))
    }
  }

  /// A view that reads from any address.
  package struct Numbers {
    fileprivate let bytes: UnsafeRawBufferPointer
    fileprivate let rowCount: Int
    fileprivate let width: Int

    /// The number at a place, both from 0.
    @inline(__always)
    package subscript(row: Int, column: Int) -> Float {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < width)
      return Float(bitPattern: bits(at: row * width + column))
    }

    @inline(__always)
    fileprivate func bits(at index: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }
  }
}
