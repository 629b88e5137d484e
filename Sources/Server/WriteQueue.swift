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

  /// Takes at most so many octets from the front and gives them to `body`.
  mutating func takeFirst<Result>(_ maximum: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let chunk = chunks.first ?? []
    let end = min(chunk.count, offset + maximum)
    let result = chunk.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[offset..<end])) }
    count -= end - offset
    offset = end
    if !chunks.isEmpty, offset == chunk.count {
      chunks.removeFirst()
      offset = 0
    }
    return result
  }

  /// Gives the socket what it takes now; whether that was anything.
  mutating func flush(to socket: borrowing StreamSocket) throws(SystemError) -> Bool {
    let before = count
    while let chunk = chunks.first {
      let rest = chunk.count - offset
      let sent = try socket.send(chunk.span.bytes.extracting(offset...)) ?? 0
      count -= sent
      // Less than asked for means that the kernel's buffer is full.
      guard sent == rest else {
        offset += sent
        break
      }
      chunks.removeFirst()
      offset = 0
    }
    return count < before
  }
}
