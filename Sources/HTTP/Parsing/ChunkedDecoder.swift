// The chunked transfer coding on the way in.

/// Decodes `chunked-body` (RFC 9112 §7.1) within limits.
struct ChunkedDecoder: Sendable {
  private enum State: Sendable {
    /// Before or inside the line with a chunk's size.
    case size
    /// Inside chunk data, with so many octets to come.
    case data(remaining: Int)
    /// At the CR LF after chunk data.
    case dataEnd
    /// In the trailer section.
    case trailers
  }

  private var state = State.size
  private var trailers = FieldSection(.trailer)
  private var extensionOctets = 0
  private var total = 0

  /// Octets of the current chunk that are still to come.
  var remaining: Int { if case .data(let remaining) = state { remaining } else { 0 } }
  /// Octets of all chunks that have come.
  var received: Int { total - remaining }

  /// Sixteen digits hold 64 bits; more can only be padding.
  private static let maximumDigits = 16

  /// Takes what has arrived from `buffer`: data, the end with its trailers, or `.needMore`.
  ///
  /// - Parameter maximum: The largest body that is welcome; a chunk that would exceed it is refused by its size.
  mutating func next(
    from buffer: inout InputBuffer, limits: ConnectionLimits, maximum: Int
  ) throws(ProtocolError) -> RequestParser.Event {
    while true {
      switch state {
      case .size:
        let room = Self.maximumDigits + limits.chunkExtensions - extensionOctets
        guard
          let line = try buffer.takeLine(
            atMost: room,
            overlong: { line in
              line.prefix(Self.maximumDigits + 1).allSatisfy { Octet.hexValue($0) != nil }
                ? .chunkSizeOverflow : .chunkExtensionsTooLong(maximum: limits.chunkExtensions)
            })
        else { return .needMore }
        let size = try self.size(line, limits: limits)
        guard size <= maximum - total else { throw .bodyTooLarge(maximum: maximum) }
        total += size
        state = size == 0 ? .trailers : .data(remaining: size)

      case .data(let remaining):
        let bytes = buffer.take(atMost: remaining)
        if bytes.isEmpty { return .needMore }
        state = bytes.count == remaining ? .dataEnd : .data(remaining: remaining - bytes.count)
        return .body(bytes)

      case .dataEnd:
        // Anything but CR LF is an error; searching for the next chunk would let two parsers disagree.
        if buffer.count > 0, buffer[0] != .carriageReturn { throw .chunkDataNotTerminated }
        guard buffer.count > 1 else { return .needMore }
        guard buffer[1] == .lineFeed else { throw .chunkDataNotTerminated }
        buffer.skip(2)
        state = .size

      case .trailers:
        guard let isEnd = try trailers.takeLine(from: &buffer, limits: limits) else { return .needMore }
        if isEnd { return .end(trailers: trailers.fields) }
      }
    }
  }

  /// `chunk-size [ chunk-ext ]`: the size; extensions are checked, counted and ignored.
  private mutating func size(_ line: ArraySlice<UInt8>, limits: ConnectionLimits) throws(ProtocolError) -> Int
  {
    var scanner = FieldScanner(line)
    let digits = scanner.run { Octet.hexValue($0) != nil }
    guard !digits.isEmpty else { throw .invalidChunkSize }
    guard digits.count <= Self.maximumDigits,
      let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw .chunkSizeOverflow }

    let extensions = line[digits.endIndex...]
    extensionOctets += extensions.count
    guard extensionOctets <= limits.chunkExtensions else {
      throw .chunkExtensionsTooLong(maximum: limits.chunkExtensions)
    }
    guard extensions.contains(.semicolon) || extensions.isEmpty else { throw .invalidChunkSize }
    // chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )  (RFC 9112 §7.1.1)
    while !scanner.isAtEnd {
      scanner.skipBlanks()
      guard scanner.take(.semicolon) else { throw .invalidChunkExtension }
      scanner.skipBlanks()
      guard scanner.token() != nil else { throw .invalidChunkExtension }
      let afterName = scanner
      scanner.skipBlanks()
      if scanner.take(.equals) {
        scanner.skipBlanks()
        guard scanner.word() != nil else { throw .invalidChunkExtension }
      } else {
        // Blanks belong to what follows; at the end of the line there is nothing for them to belong to.
        scanner = afterName
      }
    }
    return size
  }
}
