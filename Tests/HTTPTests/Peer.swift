// A server and its client without sockets: drives a connection and shows both ends of it as text.

import HTTP
import HTTPTypes
import Synchronization

/// The application of these tests: small, and decided by the path alone.
///
/// `/refused` and its like are refused at the head; everything else echoes method, path and body.
struct Echo: Responder {
  var maximumBody = 64
  /// Whether the answers hold, so that they may be given again.
  var holds: (@Sendable () -> Bool)?
  /// In place of the echo, as the content of a response with `streamStatus`.
  var stream: ContentStream?
  var streamStatus = HTTPResponse.Status.ok
  /// Where bodies go as they arrive.
  var sink: Gathering?

  func admit(_ head: Request) -> Admission {
    switch head.target.segments.first {
    case "missing": .refuse(Response(status: .notFound, body: .bytes(Array("no".utf8))))
    case "goodbye": .refuse(Response(status: .ok, fields: [.connection: "close"]))
    default:
      .accept(
        maximumBody: maximumBody, sink: sink,
        handler: RequestHandler(later: { answer($0) }, failed: { failure(of: $0, $1) }))
    }
  }

  func respond(toInvalid error: ProtocolError, requestID: String) -> Response {
    Response(status: error.status, fields: [.contentType: "text/plain"], body: .bytes(Array(error.code.utf8)))
  }

  /// The answer, for a peer that has no event loop to leave.
  func answer(_ request: Request) -> Response {
    let path = request.head.path ?? ""
    if let stream { return Response(status: streamStatus, body: .stream(stream)) }
    let content = Array("\(request.method) \(path) ".utf8) + (sink?.takeAll() ?? []) + request.body
    var response = Response(status: .ok, fields: [.contentType: "text/plain"], body: .bytes(content))
    response.holds = holds
    return response
  }

  /// What is said where the sink has failed.
  private func failure(of request: Request, _ error: any Error) -> Response {
    Response(status: .init(code: 507), body: .bytes(Array("\(error) \(request.body.count)".utf8)))
  }
}

/// A sink that keeps what it is given.
final class Gathering: ContentSink {
  private struct State {
    var content: [UInt8] = []
    var abandonments = 0
  }

  private let state = Mutex(State())

  var content: [UInt8] { state.withLock { $0.content } }
  var abandonments: Int { state.withLock { $0.abandonments } }

  func take(_ bytes: [UInt8]) { state.withLock { $0.content += bytes } }
  func abandon() { state.withLock { $0.abandonments += 1 } }

  /// What it was given since the last request.
  func takeAll() -> [UInt8] {
    state.withLock { state in
      defer { state.content = [] }
      return state.content
    }
  }
}

/// Performs the actions of one connection as a server would, and keeps what can be seen of it.
struct Peer {
  private(set) var connection: ServerConnection
  /// Octets that the client has received.
  private(set) var received: [UInt8] = []
  /// Requests whose answer is still to be given with `answerNext`; empty when answers are immediate.
  private(set) var pending: [Request] = []
  private(set) var timers: [ServerConnection.Timer: Double] = [:]
  private(set) var exchanges: [ServerConnection.Exchange] = []
  private(set) var isReading = true
  private(set) var isHalfClosed = false
  private(set) var isClosed = false
  /// Octets that the socket has not taken yet; nothing unless `takesWrites` is false.
  private(set) var queued = 0
  private let responder: Echo
  private let answersAtOnce: Bool
  /// How often octets of a stream were asked for.
  private(set) var productions = 0
  /// Pieces whose delivery is still to be ended with `deliverNext` or `failDelivery`; empty when `deliversAtOnce`.
  private(set) var deliveries: [(bytes: [UInt8], sink: any ContentSink)] = []
  /// The sizes of all pieces that were to be delivered.
  private(set) var pieces: [Int] = []
  var deliversAtOnce = false
  /// Whether the client reads what is sent.
  var takesWrites = true
  /// What the connection has said may be given again, by the octets of the request; given again if `repeats`.
  private(set) var remembered: [[UInt8]: RepeatableAnswer] = [:]
  var repeats = false
  /// How often an answer was given again.
  private(set) var repetitions = 0

  static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  init(
    limits: ConnectionLimits = ConnectionLimits(), timeouts: ConnectionTimeouts = ConnectionTimeouts(),
    responder: Echo = Echo(),
    answersAtOnce: Bool = true
  ) {
    self.responder = responder
    self.answersAtOnce = answersAtOnce
    connection = ServerConnection(
      limits: limits, timeouts: timeouts, responder: responder, makeRequestID: { "made" })
    feed(.opened)
  }

  mutating func send(_ fixture: String) { receive(octets(fixture)) }

  /// Octets from the client, which a remembered answer may be for.
  mutating func receive(_ bytes: [UInt8]) {
    guard repeats, connection.mayRepeat, queued == 0, let answer = remembered[bytes], answer.holds() else {
      return feed(.received(bytes))
    }
    repetitions += 1
    received += answer.head + answer.content
    exchanges.append(answer.exchange)
    queued = takesWrites ? 0 : answer.head.count + answer.content.count
    feed(.repeated(remaining: queued))
  }

  /// Answers the request that waits longest.
  mutating func answerNext() {
    let request = pending.removeFirst()
    feed(.responded(responder.answer(request)))
  }

  /// Lets the sink take what it was given last.
  mutating func deliverNext() {
    let (bytes, sink) = deliveries.removeFirst()
    (sink as? Gathering)?.take(bytes)
    feed(.delivered)
  }

  /// Lets the sink fail instead.
  mutating func failDelivery(_ error: any Error) {
    deliveries.removeFirst()
    feed(.deliveryFailed(error))
  }

  /// Lets an armed timer fire.
  mutating func fire(_ timer: ServerConnection.Timer) {
    timers[timer] = nil
    feed(.timer(timer))
  }

  /// Lets the socket take what is queued, but for the last `rest` octets.
  mutating func flush(leaving rest: Int = 0) {
    queued = rest
    feed(.wrote(remaining: rest))
  }

  mutating func feed(_ event: ServerConnection.Event) {
    var next: [ServerConnection.Event] = [event]
    while !next.isEmpty && !isClosed {
      for action in connection.on(next.removeFirst(), date: Self.date) {
        switch action {
        case .send(let bytes):
          received += bytes
          queued += bytes.count
        case .respond(let request, _):
          if answersAtOnce {
            next.append(.responded(responder.answer(request)))
          } else {
            pending.append(request)
          }
        case .deliver(let bytes, let sink):
          pieces.append(bytes.count)
          if deliversAtOnce {
            (sink as? Gathering)?.take(bytes)
            next.append(.delivered)
          } else {
            deliveries.append((bytes, sink))
          }
        case .abandon(let sink): sink.abandon()
        case .produce: productions += 1
        case .answered(let exchange): exchanges.append(exchange)
        case .remember(let answer): remembered[answer.request] = answer
        case .setTimer(let timer, let seconds): timers[timer] = seconds
        case .cancelTimer(let timer): timers[timer] = nil
        case .stopReading: isReading = false
        case .resumeReading: isReading = true
        case .halfClose: isHalfClosed = true
        case .close:
          isClosed = true
          timers = [:]
        }
      }
      if queued > 0 && takesWrites && next.isEmpty {
        queued = 0
        next.append(.wrote(remaining: 0))
      }
    }
  }

  /// Every response as `status body`, with `!` if it announces the close; interim responses as their status.
  var responses: [String] { parseResponses(received, methods: exchanges.map(\.method)).map(\.summary) }

  /// Whether nothing more will be sent.
  var isEnding: Bool { isHalfClosed || isClosed }
}

/// A response as a client sees it.
struct ParsedResponse {
  var status: Int
  var statusLine: String
  var fields: [(name: String, value: String)]
  var body: String

  subscript(name: String) -> [String] {
    fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }

  var summary: String {
    let close = self["Connection"] == ["close"] ? "!" : ""
    return body.isEmpty ? "\(status)\(close)" : "\(status)\(close) \(body)"
  }
}

/// Parses a stream of responses to requests of the given methods, strictly; what is malformed shows as status 0.
func parseResponses(_ bytes: [UInt8], methods: [String?] = []) -> [ParsedResponse] {
  var responses: [ParsedResponse] = []
  var rest = text(bytes)
  var methods = methods[...]
  while !rest.isEmpty {
    guard let end = rest.firstRange(of: "~~") else {
      return responses + [ParsedResponse(status: 0, statusLine: rest, fields: [], body: "")]
    }
    let lines = rest[..<end.lowerBound].split(separator: "~", omittingEmptySubsequences: false).map(
      String.init)
    rest = String(rest[end.upperBound...])
    guard let match = lines[0].wholeMatch(of: /HTTP\/1\.1 ([1-5][0-9][0-9]) .*/), let status = Int(match.1)
    else {
      return responses + [ParsedResponse(status: 0, statusLine: lines[0], fields: [], body: "")]
    }
    var response = ParsedResponse(status: status, statusLine: lines[0], fields: [], body: "")
    for line in lines.dropFirst() {
      guard let field = line.wholeMatch(of: /([A-Za-z0-9\-]+): (.*)/) else { return responses }
      response.fields.append((String(field.1), String(field.2)))
    }
    let isHead = status >= 200 && methods.popFirst() == "HEAD"
    if !isHead, let length = response["Content-Length"].first.flatMap({ Int($0) }) {
      // Content is counted in octets, in which CR LF is two.
      let content = Array(octets(rest).prefix(length))
      response.body = text(content)
      rest = text(Array(octets(rest).dropFirst(length)))
    }
    responses.append(response)
  }
  return responses
}
