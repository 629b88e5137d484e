// Gzip files by hand: headers, blocks and ends as RFC 1951 and 1952 have them, and as they should not be.

import Compression

enum Handmade {
  /// A member's header without optional fields: deflate, no time, unknown system.
  static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

  /// A header with these flags, which promise what must follow.
  static func header(flags: UInt8) -> [UInt8] {
    var bytes = header
    bytes[3] = flags
    return bytes
  }

  /// A whole member without content: a final stored block of no octets, CRC and size 0.
  static let emptyMember = header + [1, 0, 0, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 8)

  static let text = Array(String(repeating: "what is learned is kept; ", count: 12).utf8)

  /// A sound file.
  static let file = Gzip.compressed(text, level: .best)

  /// The sound file with one octet changed.
  static func file(flipping offset: Int) -> [UInt8] {
    var bytes = file
    bytes[offset] ^= 0x01
    return bytes
  }
}

/// Octets that look alike on every run: a small linear congruential generator.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }
}
