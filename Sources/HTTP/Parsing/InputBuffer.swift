// The bytes that have arrived and are not yet parsed, handed out as lines or runs without being scanned twice.

/// A queue of received octets.
///
/// Every octet is looked at once, however the input is cut: a line that is not complete remembers how far it was
/// scanned. Total work is linear in the octets appended.
struct InputBuffer: Sendable {
  private var bytes: [UInt8] = []
  /// The first octet not handed out.
  private var start = 0
  /// The first octet not looked at by `takeLine`.
  private var scanned = 0

  /// Octets not handed out.
  var count: Int { bytes.count - start }

  /// The octet `offset` places after the first one not handed out.
  subscript(offset: Int) -> UInt8 { bytes[start + offset] }

  mutating func append(_ new: [UInt8]) {
    if count == 0 {
      self = InputBuffer()
      bytes = new
      return
    }
    // Moving the rest down only when the dead part outweighs it keeps the moves linear in all.
    if start > count {
      bytes.removeSubrange(..<start)
      scanned -= start
      start = 0
    }
    bytes.append(contentsOf: new)
  }

  /// Drops `count` octets.
  mutating func skip(_ count: Int) {
    start += count
    scanned = start
  }

  /// Hands out up to `maximum` octets.
  mutating func take(atMost maximum: Int) -> ArraySlice<UInt8> {
    let end = start + min(maximum, count)
    defer { skip(end - start) }
    return bytes[start..<end]
  }

  /// Hands out the next line without its CR LF, or `nil` if its end has not arrived.
  ///
  /// The first octet that no line may have decides the error, wherever the input was cut: a LF without CR, a CR
  /// without LF, another control character than HTAB (RFC 9112 §2.2, RFC 9110 §5.5), or one beyond `maximum`.
  ///
  /// - Parameter overlong: The error for a line that begins with the given octets and is too long.
  mutating func takeLine(
    atMost maximum: Int, overlong: (ArraySlice<UInt8>) -> ProtocolError
  ) throws(ProtocolError) -> ArraySlice<UInt8>? {
    while scanned < bytes.count {
      let byte = bytes[scanned]
      let followsReturn = scanned > start && bytes[scanned - 1] == .carriageReturn
      if byte == .lineFeed {
        guard followsReturn else { throw .bareLineFeed }
        let line = bytes[start..<(scanned - 1)]
        skip(scanned + 1 - start)
        return line
      }
      if followsReturn { throw .bareCarriageReturn }
      if byte != .carriageReturn {
        guard Octet.isFieldContent(byte) else { throw .controlCharacter }
        if scanned - start >= maximum { throw overlong(bytes[start..<scanned]) }
      }
      scanned += 1
    }
    return nil
  }
}
