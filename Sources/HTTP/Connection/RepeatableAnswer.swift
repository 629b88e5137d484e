// An answer that a request of the same octets gets again, without being parsed, admitted and answered once more.

/// A whole response on its way to being sent again: only its date and its identifier change.
///
/// Clients that ask again and again, such as probes, pollers and browsers, send the same octets each time. A request is a
/// function of its octets, and so is what its head is admitted to; the rest is the responder's `Response.holds`.
public struct RepeatableAnswer: Sendable {
  /// The octets of the request, which came alone and at once.
  public let request: [UInt8]
  /// The status line and the header section.
  public private(set) var head: [UInt8]
  /// What follows the head, if anything does.
  public let content: [UInt8]
  /// As it was the first time.
  public let exchange: ServerConnection.Exchange
  /// Whether it may be given once more.
  public let holds: @Sendable () -> Bool
  /// Where in the head the identifier stands; nil where the client has named the request.
  public let identifier: Range<Int>?
  private let date: Int

  /// Octets of a request, at most: longer ones are rarely repeated.
  static let maximumRequest = 2048
  /// Octets of the content, at most.
  static let maximumContent = 1 << 20

  /// Nil where something is too long, or the identifier cannot be told from the rest.
  init?(
    request: [UInt8], head: [UInt8], content: [UInt8], exchange: ServerConnection.Exchange,
    isNamed: Bool, holds: @escaping @Sendable () -> Bool
  ) {
    guard request.count <= Self.maximumRequest, content.count <= Self.maximumContent,
      let date = ResponseEncoder.dateIndex(in: head)
    else { return nil }
    var identifier: Range<Int>?
    if !isNamed {
      let places = head.ranges(of: Array(exchange.requestID.utf8))
      guard places.count == 1 else { return nil }
      identifier = places[0]
    }
    (self.request, self.head, self.content, self.exchange) = (request, head, content, exchange)
    (self.holds, self.identifier, self.date) = (holds, identifier, date)
  }

  /// Makes the head that of an answer given now. Allocates nothing, unless the former one is still waiting to be sent.
  ///
  /// - Parameter write: fills the octets of the identifier; not called where the client has named the request.
  public mutating func renew(date text: String, identifier write: (UnsafeMutableRawBufferPointer) -> Void) {
    let (date, identifier) = (date, identifier)
    head.withUnsafeMutableBytes { head in
      for (index, octet) in text.utf8.enumerated() { head[date + index] = octet }
      if let identifier { write(UnsafeMutableRawBufferPointer(rebasing: head[identifier])) }
    }
  }

  /// The exchange with the identifier that the head has now, which may have named a trace too.
  public var renewedExchange: ServerConnection.Exchange {
    guard let identifier else { return exchange }
    var renewed = exchange
    renewed.requestID = String(decoding: head[identifier], as: UTF8.self)
    if exchange.note?.traceID == exchange.requestID { renewed.note?.traceID = renewed.requestID }
    return renewed
  }
}
