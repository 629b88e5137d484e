// The sending side of a connection's machine: whole responses, what follows them, and the end.

import HTTPTypes

extension ServerConnection {
  /// Answers a violation of the protocol and gives the connection up.
  mutating func reject(_ error: ProtocolError) {
    abandonContent()
    let id = current?.id ?? makeRequestID()
    send(responder.respond(toInvalid: error, requestID: id), id: id, error: error, keepConnection: false)
  }

  mutating func send(_ response: Response, keepConnection: Bool) {
    guard let id = current?.id else { return }
    send(response, id: id, error: nil, keepConnection: keepConnection)
  }

  /// Writes a final response; the connection stays if everybody agrees.
  private mutating func send(_ response: Response, id: String, error: ProtocolError?, keepConnection: Bool) {
    disarm(.head)
    disarm(.idle)
    disarm(.bodyStall)
    disarm(.bodyRate)
    disarm(.drain)
    let streamed = stream(of: response)
    let closes =
      !keepConnection || streamed?.framing == .untilClose || isDraining || !currentIsPersistent
      || requestCount >= limits.keepAliveRequests
      || inputEnded && parser.bufferedCount == 0
      || response.fields.contains(.connection)
        && response.fields.list(.connection).contains { $0.lowercased() == "close" }
    let persistence: ResponseEncoder.Persistence =
      closes ? .close : currentIsHTTP11 ? .persistent : .keepAlive

    var response = response
    if !response.fields.contains(.requestID) { response.fields[.requestID] = id }
    let method = current?.method ?? parser.requestLine?.method
    var exchange = Exchange(
      requestID: id, method: method?.rawValue, path: current?.head.path ?? parser.requestLine?.target.raw,
      status: response.status.code, receivedBody: bodyOctets, sent: 0, error: error)
    exchange.caller = response.caller
    exchange.note = response.note
    if let streamed {
      let head = ResponseEncoder.head(
        status: response.status, fields: response.fields, framing: streamed.framing, persistence: persistence,
        date: date)
      exchange.sent = head.count
      exchange.sentHead = head.count
      write(head)
      begin(streamed.content, streamed.framing, exchange, thenClose: closes)
    } else {
      let (head, content) = ResponseEncoder.encode(
        response, isHead: method == .head, persistence: persistence, date: date)
      exchange.sent = head.count + content.count
      exchange.sentHead = head.count
      phase = .writing(thenClose: closes)
      write(head, content)
      actions.append(.answered(exchange))
      if !closes, let request = lone, let holds = response.holds {
        remember(request, head, content, exchange, holds)
      }
    }
    lone = nil
    current = nil
    currentIsHTTP11 = false
    currentIsPersistent = false
    bodyOctets = 0
    windowOctets = 0
  }

  /// The stream of a response that has content, and its framing; nil for content that is whole and for HEAD.
  private func stream(of response: Response) -> (content: ContentStream, framing: ResponseEncoder.Framing)? {
    guard case .stream(let content) = response.body, current?.method != .head,
      ResponseEncoder.mayHaveContent(response.status)
    else { return nil }
    return (
      content, content.length.map { .length($0) } ?? .stream(isHTTP11: currentIsHTTP11)
    )
  }

  private mutating func remember(
    _ request: [UInt8], _ head: [UInt8], _ content: [UInt8], _ exchange: Exchange,
    _ holds: @escaping @Sendable () -> Bool
  ) {
    let isNamed = current?.fields.value(of: .requestID) == exchange.requestID
    let answer = RepeatableAnswer(
      request: request, head: head, content: content, exchange: exchange, isNamed: isNamed, holds: holds)
    if let answer { actions.append(.remember(answer)) }
  }

  /// Whether a request that comes now, alone and whole, gets the answer that its octets got before: nothing is under way,
  /// and the connection stays.
  public var mayRepeat: Bool {
    guard case .head = phase else { return false }
    return parser.isAtStart && !isDraining && !inputEnded && requestCount + 1 < limits.keepAliveRequests
  }

  mutating func repeated(remaining: Int) {
    requestCount += 1
    disarm(.head)
    if remaining == 0 { return arm(.idle, timeouts.idle) }
    disarm(.idle)
    phase = .writing(thenClose: false)
    arm(.writeStall, timeouts.writeStall)
  }

  mutating func write(_ bytes: [UInt8], _ more: [UInt8] = []) {
    actions.append(.send(bytes))
    if !more.isEmpty { actions.append(.send(more)) }
    arm(.writeStall, timeouts.writeStall)
  }

  mutating func wrote(remaining: Int) {
    guard armed.contains(.writeStall) else { return }
    if remaining > 0 { arm(.writeStall, timeouts.writeStall) } else { disarm(.writeStall) }
    if remaining < writeAhead { produceMore() }
    if remaining == 0 { wroteAll() }
  }

  /// Nothing waits to be sent.
  mutating func wroteAll() {
    guard case .writing(let thenClose) = phase else { return }
    if thenClose { return finish() }
    phase = .head
    advance()
  }

  /// Ends the connection so that the peer can read everything that was sent (RFC 9112 §9.6): shut down sending,
  /// read on for a while, then close. Closing with unread input would reset the connection and may erase the
  /// response at the peer.
  mutating func finish() {
    for timer in Timer.allCases { disarm(timer) }
    if inputEnded { return close() }
    phase = .lingering
    actions.append(.halfClose)
    arm(.linger, timeouts.linger)
  }

  mutating func close() {
    abandonContent()
    armed = Timers()
    phase = .closed
    actions.append(.close)
  }
}
