// The life of one server connection as a value: what happened goes in, what to do comes out, no socket in sight.

import HTTPTypes

/// The state machine of one HTTP/1.1 connection (RFC 9112 §9).
///
/// It parses, admits, frames and orders; the server owns the socket, the clock and the tasks, and only
///
/// 1. feeds each event with the current `Date` text, starting with `.opened`,
/// 2. performs **all** returned actions in order before it feeds the next event,
/// 3. forgets the connection after `.close`, or when the socket itself failed (reset, write error).
///
/// Requests are answered strictly one after the other: the next one is not parsed before the last octet of the
/// current response has been written. What a client sends meanwhile is buffered up to `ConnectionLimits.readAhead`.
public struct ServerConnection: Sendable {
  /// Where the connection stands.
  enum Phase: Sendable {
    /// Between two requests, or inside a head.
    case head
    /// An admitted body is coming in, for this handler; as soon as it is long, through the sink.
    case body(RequestHandler, sink: (any ContentSink)?)
    /// An admitted body is coming in, and what has come of it has begun to go to its sink.
    case receiving(IncomingContent)
    /// The head was refused with this response; the body is skipped so that the connection can stay.
    case skipping(Response)
    /// The handler is at work.
    case responding
    /// A response is on its way out.
    case writing(thenClose: Bool)
    /// A response is on its way out whose content is still being made.
    case streaming(OutgoingStream)
    /// The sending side is shut down; what the peer still sends is dropped.
    case lingering
    /// `.close` was said.
    case closed
  }

  let limits: ConnectionLimits
  let timeouts: ConnectionTimeouts
  let responder: any Responder
  let makeRequestID: @Sendable () -> String
  private let client: String?

  var parser: RequestParser
  var phase = Phase.head
  /// The request whose head is complete and whose response is not yet written.
  var current: Request?
  /// What the head said about the protocol.
  var currentIsHTTP11 = false
  var currentIsPersistent = false
  /// Octets of the current body, and those of them since the last judgement of their rate.
  var bodyOctets = 0
  var windowOctets = 0
  private var lingerOctets = 0
  /// Requests whose head was complete.
  var requestCount = 0
  var isDraining = false
  var inputEnded = false
  var isReading = true
  var armed = Timers()
  /// The octets that came at once and alone with the beginning of the current request, as long as it may have ended with
  /// them.
  var lone: [UInt8]?
  /// What `on` has decided so far, and the date that it was given.
  var actions: [Action] = []
  var date = ""

  /// A connection that has not been opened yet.
  ///
  /// - Parameters:
  ///   - scheme: `https` if the connection is secured.
  ///   - client: The address that stands for the peer, for ``Request/client``.
  ///   - makeRequestID: Gives a fresh identifier for a request that brings none of its own.
  public init(
    limits: ConnectionLimits = ConnectionLimits(), timeouts: ConnectionTimeouts = ConnectionTimeouts(),
    scheme: String = "http", client: String? = nil,
    responder: any Responder, makeRequestID: @escaping @Sendable () -> String
  ) {
    self.limits = limits
    self.timeouts = timeouts
    self.responder = responder
    self.makeRequestID = makeRequestID
    self.client = client
    parser = RequestParser(limits: limits, scheme: scheme)
  }

  /// Whether nothing is under way: no octet of a request has come, or every response has been written.
  public var isIdle: Bool {
    if case .head = phase { parser.isBetweenRequests } else { false }
  }

  /// Takes one event and says what to do, in order.
  ///
  /// Never fails and never traps on a peer's octets. Linear in the octets received.
  ///
  /// - Parameter date: The current IMF-fixdate (RFC 9110 §5.6.7), for the responses that leave now.
  public mutating func on(_ event: Event, date: String) -> [Action] {
    var actions: [Action] = []
    on(event, date: date, into: &actions)
    return actions
  }

  /// Takes one event and appends what to do to `actions`, whose memory can so be used again and again.
  public mutating func on(_ event: Event, date: String, into actions: inout [Action]) {
    if case .closed = phase { return }
    swap(&self.actions, &actions)
    defer { swap(&self.actions, &actions) }
    self.date = date
    switch event {
    // A client that connects and says nothing has the same time as one that is slow with its first head.
    case .opened: arm(.head, timeouts.head)
    case .received(let bytes): received(bytes)
    case .repeated(let remaining): repeated(remaining: remaining)
    case .receivedInClear: reject(.httpsExpected)
    case .endOfInput: endOfInput()
    case .responded(let response):
      if case .responding = phase { send(response, keepConnection: true) }
    case .delivered: delivered()
    case .deliveryFailed(let error): deliveryFailed(error)
    case .produced(let bytes): produced(bytes)
    case .productionEnded: productionEnded()
    case .productionFailed: breakOff()
    case .wrote(let remaining): wrote(remaining: remaining)
    case .timer(let timer):
      // The server may fire a timer that was disarmed in the same turn of its loop.
      if armed.remove(timer) { fired(timer) }
    case .drain:
      isDraining = true
      if isIdle { finish() }
    }
    updateReading()
  }
}

// MARK: - Input

extension ServerConnection {
  private mutating func received(_ bytes: [UInt8]) {
    switch phase {
    case .lingering:
      lingerOctets += bytes.count
      if lingerOctets > limits.linger { close() }
    case .writing(thenClose: true), .closed:
      // RFC 9112 §9.6: what follows a request after which we close is not processed.
      return
    case .responding, .writing(thenClose: false), .streaming:
      parser.append(bytes)
    case .head:
      lone = parser.isAtStart && bytes.count <= RepeatableAnswer.maximumRequest ? bytes : nil
      parser.append(bytes)
      advance()
    case .body, .skipping:
      parser.append(bytes)
      if case .body = phase { arm(.bodyStall, timeouts.bodyStall) }
      advance()
    case .receiving(let content):
      parser.append(bytes)
      if content.isComplete { return }
      if isReading { arm(.bodyStall, timeouts.bodyStall) }
      advance()
    }
  }

  private mutating func endOfInput() {
    inputEnded = true
    switch phase {
    case .head, .body, .receiving, .skipping: advance()
    // Half-closed: the peer may still read (RFC 9112 §9.6), so its response comes first.
    case .responding, .writing, .closed: break
    case .streaming(let stream):
      if stream.content.endsWithInput { breakOff() }
    case .lingering: close()
    }
  }

  /// Parses as far as the phase allows.
  mutating func advance() {
    do throws(ProtocolError) {
      while true {
        switch phase {
        case .head:
          guard case .head(let head) = try parser.next() else { return try awaitHead() }
          try begin(head)
        case .receiving(let content) where content.isComplete: return
        case .body, .receiving, .skipping:
          switch try parser.next() {
          case .body(let bytes): take(bytes)
          case .end:
            endOfBody()
          case .needMore, .head:
            if inputEnded { throw .incompleteBody }
            return
          }
        case .responding, .writing, .streaming, .lingering, .closed:
          return
        }
      }
    } catch {
      // A refused body that breaks the framing changes nothing about the refusal, only about the connection.
      if case .skipping(let response) = phase {
        send(response, keepConnection: false)
      } else {
        reject(error)
      }
    }
  }

  /// No complete head has arrived: wait for it, within its time.
  private mutating func awaitHead() throws(ProtocolError) {
    if parser.isBetweenRequests {
      if inputEnded || isDraining { return finish() }
      if requestCount > 0 && !armed.contains(.idle) {
        disarm(.head)
        arm(.idle, timeouts.idle)
      }
    } else {
      if inputEnded { throw .incompleteHead }
      disarm(.idle)
      // Absolute: octets that drip in do not move it.
      if !armed.contains(.head) { arm(.head, timeouts.head) }
    }
  }

  /// A head is complete: admit or refuse it.
  private mutating func begin(_ head: RequestHead) throws(ProtocolError) {
    disarm(.head)
    disarm(.idle)
    requestCount += 1
    let named = head.request.headerFields.value(of: .requestID).flatMap { RequestID.isValid($0) ? $0 : nil }
    let request = Request(
      head: head.request, target: head.target, authority: head.authority, id: named ?? makeRequestID(),
      client: client)
    current = request
    currentIsHTTP11 = head.isHTTP11
    currentIsPersistent = head.isPersistent
    switch responder.admit(request) {
    case .accept(let maximumBody, let sink, let handler):
      phase = .body(handler, sink: sink)
      try accept(head, maximumBody: maximumBody)
    case .refuse(let response): refuse(head, with: response)
    }
  }

  private mutating func accept(_ head: RequestHead, maximumBody: Int) throws(ProtocolError) {
    try parser.limitBody(to: maximumBody)
    guard head.framing != .none else { return }
    lone = nil
    timeBody(true)
    // RFC 9110 §10.1.1: not needed when content has already come.
    if head.expectsContinue && parser.bufferedCount == 0 {
      write(ResponseEncoder.continueResponse)
    }
  }

  /// Gives the request to its handler.
  mutating func respond(_ handler: RequestHandler) {
    guard let current else { return }
    phase = .responding
    if parser.bufferedCount > 0 { lone = nil }
    actions.append(.respond(current, handler: handler))
    // The handler has the only copy it needs.
    self.current?.body = []
  }

  private mutating func refuse(_ head: RequestHead, with response: Response) {
    // Whether a client that expects 100 will send its body after a final status is not known: close.
    if head.framing != .none && head.expectsContinue { return send(response, keepConnection: false) }
    do throws(ProtocolError) {
      try parser.limitBody(to: limits.drain)
      phase = .skipping(response)
      if head.framing != .none { arm(.drain, timeouts.drain) }
    } catch {
      send(response, keepConnection: false)
    }
  }

  private mutating func endOfBody() {
    timeBody(false)
    switch phase {
    case .skipping(let response): send(response, keepConnection: true)
    case .body(let handler, _): respond(handler)
    case .receiving: receivedAll()
    case .head, .responding, .writing, .streaming, .lingering, .closed:
      return
    }
  }
}

// MARK: - Time and flow

extension ServerConnection {
  private mutating func fired(_ timer: Timer) {
    switch timer {
    case .head:
      // RFC 9110 §15.5.9 asks for 408 when a request was begun; otherwise there is nobody to tell.
      if parser.isBetweenRequests { finish() } else { reject(.headTimeout) }
    case .bodyStall:
      reject(.bodyTimeout)
    case .bodyRate:
      if Double(windowOctets) < timeouts.minimumBodyRate * timeouts.bodyRateWindow {
        return reject(.bodyTooSlow)
      }
      windowOctets = 0
      arm(.bodyRate, timeouts.bodyRateWindow)
    case .drain:
      if case .skipping(let response) = phase { send(response, keepConnection: false) }
    case .idle:
      finish()
    case .writeStall, .linger:
      close()
    }
  }

  mutating func arm(_ timer: Timer, _ seconds: Double) {
    armed.insert(timer)
    actions.append(.setTimer(timer, seconds: seconds))
  }

  mutating func disarm(_ timer: Timer) {
    if armed.remove(timer) { actions.append(.cancelTimer(timer)) }
  }

  /// Stops reading while a response is pending and enough is waiting behind it.
  private mutating func updateReading() {
    let isPending =
      switch phase {
      case .responding, .writing(thenClose: false), .streaming: true
      case .receiving(let content): content.isComplete
      case .head, .body, .skipping, .writing(thenClose: true), .lingering, .closed: false
      }
    let wanted = isPending ? parser.bufferedCount < limits.readAhead : hasRoom
    if case .closed = phase { return }
    guard wanted != isReading else { return }
    isReading = wanted
    actions.append(wanted ? .resumeReading : .stopReading)
    if case .receiving(let content) = phase, !content.isComplete { timeBody(wanted) }
  }
}
