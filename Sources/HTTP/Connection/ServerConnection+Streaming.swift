// Responses whose content is made while it is sent: asked for as the client takes it, framed, and ended or broken off.

extension ServerConnection {
  /// A stream on its way out.
  struct OutgoingStream: Sendable {
    let content: ContentStream
    let framing: ResponseEncoder.Framing
    let thenClose: Bool
    /// Octets of the content so far.
    var contentOctets = 0
    /// Whether a `.produce` is not answered yet.
    var isProducing = false
    var exchange: Exchange
  }

  /// The exchange of a stream that has not ended, for the log of a connection that is lost.
  public var unfinished: Exchange? {
    guard case .streaming(let stream) = phase else { return nil }
    var exchange = stream.exchange
    exchange.isComplete = false
    return exchange
  }

  /// Behind the head.
  mutating func begin(
    _ content: ContentStream, _ framing: ResponseEncoder.Framing, _ exchange: Exchange, thenClose: Bool
  ) {
    phase = .streaming(
      OutgoingStream(content: content, framing: framing, thenClose: thenClose, exchange: exchange))
    produceMore()
  }

  /// Octets that may wait to be sent when the next are asked for.
  var writeAhead: Int {
    guard case .streaming(let stream) = phase else { return limits.writeAhead }
    return stream.content.writeAhead ?? limits.writeAhead
  }

  /// Asks for the next octets, unless that has been done.
  mutating func produceMore() {
    guard case .streaming(var stream) = phase, !stream.isProducing else { return }
    stream.isProducing = true
    phase = .streaming(stream)
    actions.append(.produce(stream.content.producer))
  }

  mutating func produced(_ bytes: [UInt8]) {
    guard case .streaming(var stream) = phase, stream.isProducing else { return }
    stream.isProducing = false
    stream.contentOctets += bytes.count
    // More than was announced would be read as the next response.
    if let length = stream.content.length, stream.contentOctets > length { return breakOff() }
    let framed = stream.framing == .chunked ? ResponseEncoder.chunk(bytes) : bytes
    stream.exchange.sent += framed.count
    phase = .streaming(stream)
    if framed.isEmpty { return produceMore() }
    write(framed)
  }

  mutating func productionEnded() {
    guard case .streaming(var stream) = phase, stream.isProducing else { return }
    if let length = stream.content.length, stream.contentOctets < length { return breakOff() }
    phase = .writing(thenClose: stream.thenClose)
    if stream.framing == .chunked {
      let last = ResponseEncoder.lastChunk()
      stream.exchange.sent += last.count
      write(last)
    }
    actions.append(.answered(stream.exchange))
    // Otherwise the queue's end is still to be told.
    if !armed.contains(.writeStall) { wroteAll() }
  }

  /// Ends the connection in the middle of the content: without its last chunk, or short of its length, the client cannot
  /// take it for whole (RFC 9112 §8).
  mutating func breakOff() {
    if let unfinished { actions.append(.answered(unfinished)) }
    close()
  }
}
