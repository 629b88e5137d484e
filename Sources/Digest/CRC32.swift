// The CRC-32 checksum, which tells a mistyped text from a right one; it is no protection against anybody.

/// The cyclic redundancy check of gzip and ZIP over `bytes`: polynomial 0xEDB88320, reflected.
///
/// Bit by bit, for texts of a few dozen bytes. Source: RFC 1952 §8.
package func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var value = ~UInt32(0)
  for byte in bytes {
    value ^= UInt32(byte)
    for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
  return ~value
}
