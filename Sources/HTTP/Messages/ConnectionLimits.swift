// How much a connection may ask for, and how long it may take.

/// Bounds on sizes and counts; every one of them is enforced while bytes arrive, before memory is spent on them.
public struct ConnectionLimits: Sendable, Hashable {
  /// Octets of the request line, without CRLF. RFC 9112 §3 recommends at least 8000. Over: 414, or 501 if no method
  /// ends within it.
  public var requestLine = 16 * 1024
  /// Octets of one field line, without CRLF. Over: 431.
  public var headerLine = 16 * 1024
  /// Octets of all field lines with their CRLFs. Over: 431.
  public var headerSection = 32 * 1024
  /// Field lines of a header or trailer section. Over: 431.
  public var headerCount = 100
  /// Octets of a trailer section. Over: 431.
  public var trailers = 8 * 1024
  /// Octets of all chunk extensions of one message. Over: 400.
  public var chunkExtensions = 4 * 1024
  /// Octets of a body, where an operation names no bound of its own in its `Admission`. Over: 413.
  public var body = 16 * 1024 * 1024
  /// Requests on one connection; the last one's response says `Connection: close`.
  public var keepAliveRequests = 1000
  /// Octets that may wait unparsed behind a request that is being answered; then the connection stops reading.
  public var readAhead = 64 * 1024
  /// Octets of a body that are gathered before its sink gets them in one piece. A body of no more than these goes to its
  /// handler whole.
  public var delivery = 64 * 1024
  /// Octets of a body that its sink has not taken yet; when there are more the connection stops reading, until there are
  /// at most half as many.
  public var undelivered = 256 * 1024
  /// Octets of a stream that may wait to be sent; its producer is asked for more when there are fewer.
  public var writeAhead = 64 * 1024
  /// Octets of a refused body that are skipped in order to keep the connection.
  public var drain = 256 * 1024
  /// Octets read and dropped after the last response, so that a reset does not erase it at the client.
  public var linger = 64 * 1024 * 1024

  /// The defaults above.
  public init() {}
}

/// Bounds on time, in seconds. The connection names them in its timer actions; only the server has a clock.
public struct ConnectionTimeouts: Sendable, Hashable {
  /// From the first octet of a head, or from the connection's opening, to the head's end. Over: 408.
  public var head = 15.0
  /// Between two arrivals of body octets. Over: 408.
  public var bodyStall = 30.0
  /// The window over which the rate of a body is judged.
  public var bodyRateWindow = 10.0
  /// The least octets per second of a body, averaged over a window. Under: 408.
  public var minimumBodyRate = 1024.0
  /// For skipping a refused body. Over: the response is sent with `Connection: close`.
  public var drain = 2.0
  /// Between two times the peer takes octets of a response. Over: close.
  public var writeStall = 60.0
  /// Between a response and the next request. Over: close.
  public var idle = 65.0
  /// From the last response's end to the close of a connection whose peer does not close first.
  public var linger = 2.0

  /// The defaults above.
  public init() {}
}
