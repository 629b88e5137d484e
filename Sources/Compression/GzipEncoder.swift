// Writing gzip (RFC 1952), whole or as it comes.

import CZlib

/// How hard an encoder tries, as zlib counts.
package enum GzipLevel: Int, Sendable {
  /// For what is made for one request: JSON of numbers gains 10 % more at level 6, at five times the cost.
  case fast = 1
  /// For what is compressed once and sent often.
  case best = 9
}

/// One gzip member, written piece by piece.
///
/// A value of one owner; its state of zlib comes from a pool and returns there with it.
package struct GzipEncoder: ~Copyable, Sendable {
  private let state: DeflateState

  /// An encoder at the beginning of its member.
  package init(level: GzipLevel) {
    state = DeflateState.take(level: level.rawValue)
  }

  deinit {
    DeflateState.giveBack(state)
  }

  /// Takes more content and appends what of its compressed form is complete, which may be nothing.
  ///
  /// Linear in the content, about 70 MB/s for JSON at `fast` and 5 MB/s at `best`.
  package mutating func append(_ content: [UInt8], to output: inout [UInt8]) {
    content.withUnsafeBytes { state.deflate($0, flush: Z_NO_FLUSH, into: &output) }
  }

  /// Appends whatever is left of the content so far, so that a reader has all of it now; costs four or five octets.
  package mutating func flush(into output: inout [UInt8]) {
    state.deflate(UnsafeRawBufferPointer(start: nil, count: 0), flush: Z_SYNC_FLUSH, into: &output)
  }

  /// Ends the member and appends its rest.
  package consuming func finish(into output: inout [UInt8]) {
    state.deflate(UnsafeRawBufferPointer(start: nil, count: 0), flush: Z_FINISH, into: &output)
  }
}

/// Whole contents in gzip.
package enum Gzip {
  /// `content` as one gzip member. Deterministic: without name and time.
  package static func compressed(_ content: [UInt8], level: GzipLevel) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(content.count / 2 + 64)
    var encoder = GzipEncoder(level: level)
    encoder.append(content, to: &output)
    encoder.finish(into: &output)
    return output
  }

  /// The content of a gzip file, within `limits`.
  ///
  /// - Throws: `GzipError`, as `GzipDecoder` does.
  package static func decompressed(
    _ file: [UInt8], limits: GzipLimits = GzipLimits()
  ) throws(GzipError) -> [UInt8] {
    var output: [UInt8] = []
    let decoder = GzipDecoder(limits: limits)
    try decoder.append(file, to: &output)
    try decoder.finish()
    return output
  }
}
