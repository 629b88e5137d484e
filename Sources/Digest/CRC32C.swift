// The CRC-32C checksum, which finds a torn, zeroed or flipped stretch of a file; it is no protection against anybody.

/// The cyclic redundancy check of Castagnoli (polynomial 0x82F63B78, reflected; RFC 3720 appendix B.4) of bytes fed in any
/// number of pieces. Eight bytes at a time by tables; constant memory.
package struct CRC32C {
  private var register = ~UInt32(0)

  /// Of no bytes yet.
  package init() {}

  /// The checksum of all bytes so far.
  package var value: UInt32 { ~register }

  /// The checksum of `bytes`.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var sum = CRC32C()
    sum.update(bytes)
    return sum.value
  }

  /// Takes in more bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var value = register
    Self.tables.withUnsafeBufferPointer { tables in
      /// What a byte becomes when so many more follow it.
      func after(_ following: Int, _ byte: UInt64) -> UInt32 { tables[following * 256 + Int(byte & 255)] }
      let whole = bytes.count / 8 * 8
      for index in stride(from: 0, to: whole, by: 8) {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(value)
        value =
          after(7, word) ^ after(6, word >> 8) ^ after(5, word >> 16) ^ after(4, word >> 24)
          ^ after(3, word >> 32) ^ after(2, word >> 40) ^ after(1, word >> 48) ^ after(0, word >> 56)
      }
      for index in whole..<bytes.count {
        value = value >> 8 ^ after(0, UInt64(UInt8(truncatingIfNeeded: value) ^ bytes[index]))
      }
    }
    register = value
  }

  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? 0x82F6_3B78 : 0) }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 255)]
    }
    return tables
  }()
}
