// The sending side of a connection's machine: whole responses, what follows them, and the end.

import HTTPTypes

extension ServerConnection {
  /// Answers a violation of the protocol and gives the connection up.
  mutating func reject(_ error: ProtocolError) {
    let id = current?.id ?? makeRequestID()
    send(responder.respond(toInvalid: error, requestID: id), id: id, error: error, keepConnection: false)
  }

  mutating func send(_ response: Response, keepConnection: Bool) {
    guard let id = current?.id else { return }
    send(response, id: id, error: nil, keepConnection: keepConnection)
  }

  /// Writes a final response; the connection stays if everybody agrees.
  private mutating func send(_ response: Response, id: String, error: ProtocolError?, keepConnection: Bool) {
    for timer in [Timer.head, .idle, .bodyStall, .bodyRate, .drain] { disarm(timer) }
    let streamed = stream(of: response)
    let closes =
      !keepConnection || streamed?.framing == .untilClose || isDraining || !currentIsPersistent
      || requestCount >= limits.keepAliveRequests
      || inputEnded && parser.bufferedCount == 0
      || response.fields.list(.connection).contains { $0.lowercased() == "close" }
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
      let hasContent = method != .head && ResponseEncoder.mayHaveContent(response.status)
      let bytes = ResponseEncoder.encode(
        response, isHead: method == .head, persistence: persistence, date: date)
      exchange.sent = bytes.count
      exchange.sentHead = bytes.count - (hasContent ? response.body.length ?? 0 : 0)
      phase = .writing(thenClose: closes)
      write(bytes)
      actions.append(.answered(exchange))
    }
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

  mutating func write(_ bytes: [UInt8]) {
    actions.append(.send(bytes))
    arm(.writeStall, timeouts.writeStall)
  }

  mutating func wrote(remaining: Int) {
    guard armed.contains(.writeStall) else { return }
    if remaining > 0 { arm(.writeStall, timeouts.writeStall) } else { disarm(.writeStall) }
    if remaining < limits.writeAhead { produceMore() }
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
    armed = []
    phase = .closed
    actions.append(.close)
  }
}
