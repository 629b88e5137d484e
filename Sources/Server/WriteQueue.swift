// Octets on their way to a socket that takes them in parts.

import Net

/// Chunks in order, of which the first may be partly sent.
struct WriteQueue {
  private var chunks: [[UInt8]] = []
  /// Octets of the first chunk that are sent already.
  private var offset = 0
  /// Octets that wait.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    chunks.append(bytes)
    count += bytes.count
  }

  /// Takes what is at the front, at most as many octets as `scratch` holds, and gives them to `body` in one piece.
  ///
  /// What lies in one chunk is not copied; a head and its content are put together.
  mutating func takeFirst<Result>(
    _ scratch: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let wanted = min(count, scratch.count)
    defer { drop(wanted) }
    if let first = chunks.first, first.count - offset >= wanted {
      return first.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + wanted])) }
    }
    var filled = 0
    var start = offset
    for chunk in chunks {
      let part = min(chunk.count - start, wanted - filled)
      chunk.withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<start + part])
        UnsafeMutableRawBufferPointer(rebasing: scratch[filled...]).copyMemory(from: rest)
      }
      filled += part
      start = 0
      if filled == wanted { break }
    }
    return body(UnsafeRawBufferPointer(rebasing: scratch[..<wanted]))
  }

  /// Gives the socket what it takes now, two chunks at a time; whether that was anything.
  mutating func flush(to socket: borrowing StreamSocket) throws(SystemError) -> Bool {
    let before = count
    while let first = chunks.first {
      let second = chunks.count > 1 ? chunks[1] : []
      let rest = first.count - offset + second.count
      let sent = try socket.send(first.span.bytes.extracting(offset...), second.span.bytes) ?? 0
      drop(sent)
      // Less than asked for means that the kernel's buffer is full.
      if sent < rest { break }
    }
    return count < before
  }

  /// Lets go of so many octets at the front.
  private mutating func drop(_ octets: Int) {
    count -= octets
    offset += octets
    while let first = chunks.first, offset >= first.count {
      offset -= first.count
      chunks.removeFirst()
    }
  }
}
