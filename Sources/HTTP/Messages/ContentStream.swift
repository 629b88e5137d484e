// Content that is made while it is sent, no faster than the client takes it.

/// Where the octets of a stream come from.
public protocol ContentProducer: Sendable {
  /// The next octets, at least one; nil after the last.
  ///
  /// One call at a time, made when less than the stream's `writeAhead` octets wait to be sent; its task is cancelled
  /// when the connection ends. An error ends the connection in the middle of the content, so that the client sees that it
  /// is not whole (RFC 9112 §8).
  func next() async throws -> [UInt8]?
}

/// The content of a response of which no more is in memory than what is on its way.
public struct ContentStream: Sendable {
  /// Octets of the whole, which the producer must then give; nil: not known beforehand. HTTP/1.1 then frames it in chunks
  /// (RFC 9112 §7.1), HTTP/1.0 by the end of the connection (§6.3).
  public var length: Int?
  /// Whether it lasts only as long as the client listens: a client that ends its sending side ends it too.
  public var endsWithInput: Bool
  /// Octets that may wait to be sent when the next are asked for; nil: `ConnectionLimits.writeAhead`. With what a producer
  /// gives at a time it is the most that a client who takes nothing holds.
  public var writeAhead: Int?
  /// Gives the octets.
  public var producer: any ContentProducer

  /// A stream of what `producer` gives.
  public init(
    length: Int? = nil, endsWithInput: Bool = false, writeAhead: Int? = nil, _ producer: any ContentProducer
  ) {
    self.length = length
    self.endsWithInput = endsWithInput
    self.writeAhead = writeAhead
    self.producer = producer
  }
}
