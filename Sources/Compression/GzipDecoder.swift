// Reading gzip (RFC 1952) that nobody vouches for: every bound is enforced before memory is spent beyond it.

import CZlib

/// The content of a gzip file of one or more members, read piece by piece.
///
/// At most 64 KiB are written beyond a limit before it is noticed, and no input makes it do more work than its octets
/// and the content within the limits. After an error it is not used again.
package final class GzipDecoder {
  private let limits: GzipLimits
  /// zlib's state points back to its stream, which therefore may not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var consumed = 0
  private var produced = 0
  /// Octets consumed since the last octet of content.
  private var barren = 0
  /// Members begun, and whether the last of them is complete.
  private var members = 1
  private var isAtEnd = false

  /// Content written, and input looked at, between two checks.
  private static let window = 64 * 1024
  private static let slice = 16 * 1024

  /// A decoder at the beginning of a file.
  package init(limits: GzipLimits = GzipLimits()) {
    self.limits = limits
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = cz_begin_inflate(stream)
    precondition(status == Z_OK, "zlib cannot begin to inflate: \(status)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Takes more of the file and appends the content that it holds.
  ///
  /// Linear in both.
  package func append(_ input: [UInt8], to output: inout [UInt8]) throws(GzipError) {
    do {
      try input.withUnsafeBytes { bytes in
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.window) { window in
          var rest = bytes[...]
          while !rest.isEmpty {
            let slice = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.slice))
            let count = try inflate(slice, through: window, &output)
            rest = rest.dropFirst(count)
          }
        }
      }
    } catch let error as GzipError {
      throw error
    } catch {
      preconditionFailure("inflating throws nothing else: \(error)")
    }
  }

  /// Says that the file ends here.
  ///
  /// - Throws: `.truncated` if it cannot.
  package func finish() throws(GzipError) {
    guard isAtEnd else { throw .truncated }
  }

  /// Inflates from a slice as far as one member goes, and says how many octets of it that took.
  private func inflate(
    _ slice: UnsafeRawBufferPointer, through window: UnsafeMutableBufferPointer<UInt8>,
    _ output: inout [UInt8]
  ) throws(GzipError) -> Int {
    if isAtEnd {
      guard members < limits.maximumMembers else { throw .tooManyMembers(maximum: limits.maximumMembers) }
      // RFC 1952 §2.3.1: ID1. What cannot begin a member is not called a broken one.
      guard slice[0] == 0x1F else { throw .trailingBytes }
      members += 1
      isAtEnd = false
      inflateReset(stream)
    }
    // zlib only reads what it is given, but its declaration does not say so.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: slice.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(slice.count)
    var status = Z_OK
    repeat {
      let before = Int(stream.pointee.avail_in)
      stream.pointee.next_out = window.baseAddress
      stream.pointee.avail_out = UInt32(window.count)
      status = CZlib.inflate(stream, Z_NO_FLUSH)
      try check(status)
      let count = window.count - Int(stream.pointee.avail_out)
      try account(consumed: before - Int(stream.pointee.avail_in), produced: count)
      output.append(contentsOf: window[..<count])
      // A full window may hide more content; one with room left says that zlib wants input.
    } while status != Z_STREAM_END && (stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0)
    isAtEnd = status == Z_STREAM_END
    return slice.count - Int(stream.pointee.avail_in)
  }

  private func check(_ status: Int32) throws(GzipError) {
    switch status {
    // Z_BUF_ERROR: a window was filled to its last octet, and there was nothing more.
    case Z_OK, Z_STREAM_END, Z_BUF_ERROR: return
    default:
      throw .malformed(reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(status)")
    }
  }

  private func account(consumed read: Int, produced written: Int) throws(GzipError) {
    consumed += read
    produced += written
    barren = written > 0 ? 0 : barren + read
    if produced > limits.maximumBytes { throw .contentTooLarge(maximum: limits.maximumBytes) }
    if produced > limits.slack, produced > limits.maximumRatio * consumed {
      throw .ratioTooHigh(maximum: limits.maximumRatio)
    }
    if barren > limits.maximumHeader { throw .headerTooLong(maximum: limits.maximumHeader) }
  }
}
