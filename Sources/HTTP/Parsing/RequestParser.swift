// Octets in, requests out: the strict incremental parser of HTTP/1.1 requests.

package import HTTPTypes

/// Parses the requests of one connection (RFC 9112) from octets that arrive in any portions.
///
/// Feed octets with `append`, then call `next` until it says `.needMore`. A request is a `.head`, any number of
/// `.body` portions, and one `.end`. The same octets give the same events and the same error however they are cut
/// (only the borders between `.body` portions differ). After an error the parser is of no further use.
///
/// Complexity: linear in the octets; memory is bounded by the limits plus what the caller appends.
package struct RequestParser: Sendable {
  /// What the next octets are.
  package enum Event: Sendable {
    /// Nothing more can be said before more octets arrive.
    case needMore
    /// A head is complete.
    case head(RequestHead)
    /// A portion of the body, never empty.
    case body(ArraySlice<UInt8>)
    /// The request is complete. The trailers are not merged into the fields (RFC 9110 §6.5.1).
    case end(trailers: HTTPFields)
  }

  private enum State: Sendable {
    case requestLine(emptyLines: Int)
    case fields
    case length(remaining: Int)
    case chunked
  }

  private let limits: ConnectionLimits
  private let scheme: String
  private var buffer = InputBuffer()
  private var state = State.requestLine(emptyLines: 0)
  private var section = FieldSection(.header)
  private var chunks = ChunkedDecoder()
  private var maximumBody = Int.max
  /// The line of the request that is being parsed, once it is known.
  package private(set) var requestLine: RequestLine?

  /// Empty lines that may come before a request line (RFC 9112 §2.2 asks for one at least).
  private static let maximumEmptyLines = 4

  /// - Parameter scheme: `http`, or `https` on a connection that is secured: what an absolute-form target must name.
  package init(limits: ConnectionLimits = ConnectionLimits(), scheme: String = "http") {
    self.limits = limits
    self.scheme = scheme
  }

  /// Octets appended and not yet parsed.
  package var bufferedCount: Int { buffer.count }

  /// Whether no octet of a further request has arrived, empty lines aside.
  package var isBetweenRequests: Bool {
    if case .requestLine = state { buffer.count == 0 } else { false }
  }

  /// Whether what comes next is parsed as if it were the first: nothing has arrived, not even an empty line.
  package var isAtStart: Bool {
    if case .requestLine(emptyLines: 0) = state { buffer.count == 0 } else { false }
  }

  /// Adds octets that arrived.
  package mutating func append(_ bytes: [UInt8]) {
    buffer.append(bytes)
  }

  /// Sets the largest body that is welcome in the request whose head was just returned.
  ///
  /// Throws `.bodyTooLarge` at once if the head announces more; a chunked body is held to it as its chunks come.
  package mutating func limitBody(to maximum: Int) throws(ProtocolError) {
    if case .length(let remaining) = state, remaining > maximum { throw .bodyTooLarge(maximum: maximum) }
    maximumBody = maximum
  }

  /// Sets how much more of the current body is welcome: the same for what is left of it.
  package mutating func limitRest(to maximum: Int) throws(ProtocolError) {
    guard case .chunked = state else { return try limitBody(to: maximum) }
    guard chunks.remaining <= maximum else { throw .bodyTooLarge(maximum: maximum) }
    maximumBody = chunks.received + maximum
  }

  /// The next event.
  package mutating func next() throws(ProtocolError) -> Event {
    while true {
      switch state {
      case .requestLine(let emptyLines):
        guard let line = try buffer.takeLine(atMost: limits.requestLine, overlong: RequestLine.overlong)
        else {
          return .needMore
        }
        if line.isEmpty {
          guard emptyLines < Self.maximumEmptyLines else { throw .tooManyEmptyLines }
          state = .requestLine(emptyLines: emptyLines + 1)
        } else {
          requestLine = try RequestLine(line, scheme: scheme)
          section = FieldSection(.header)
          state = .fields
        }

      case .fields:
        guard let isEnd = try section.takeLine(from: &buffer, limits: limits) else { return .needMore }
        if isEnd, let requestLine { return .head(try finishHead(requestLine)) }

      case .length(let remaining):
        if remaining == 0 { return end(HTTPFields()) }
        let bytes = buffer.take(atMost: remaining)
        if bytes.isEmpty { return .needMore }
        state = .length(remaining: remaining - bytes.count)
        return .body(bytes)

      case .chunked:
        let event = try chunks.next(from: &buffer, limits: limits, maximum: maximumBody)
        guard case .end(let trailers) = event else { return event }
        return end(trailers)
      }
    }
  }

  private mutating func finishHead(_ line: RequestLine) throws(ProtocolError) -> RequestHead {
    let head = try RequestHead(line: line, fields: section.fields, scheme: scheme)
    switch head.framing {
    case .none: state = .length(remaining: 0)
    case .length(let octets): state = .length(remaining: octets)
    case .chunked:
      chunks = ChunkedDecoder()
      state = .chunked
    }
    return head
  }

  private mutating func end(_ trailers: HTTPFields) -> Event {
    state = .requestLine(emptyLines: 0)
    requestLine = nil
    maximumBody = .max
    return .end(trailers: trailers)
  }
}
