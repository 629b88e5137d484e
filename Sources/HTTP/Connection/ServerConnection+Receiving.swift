// Requests whose content goes to a sink while it arrives: gathered, given piece by piece, and ended or abandoned.

extension ServerConnection {
  /// Content on its way to a sink. What waits to be given is the current request's body.
  struct IncomingContent: Sendable {
    let sink: any ContentSink
    let handler: RequestHandler
    /// Octets of a `.deliver` that is not answered yet.
    var delivering = 0
    /// Whether the last octet has arrived.
    var isComplete = false
  }

  /// Octets of the current body that are in memory: gathered, or on their way into its sink.
  package var undelivered: Int {
    let waiting = current?.body.count ?? 0
    if case .receiving(let content) = phase { return content.delivering + waiting }
    return waiting
  }

  /// The sink of content that is not complete, for a connection that is lost.
  public var unfinishedSink: (any ContentSink)? {
    switch phase {
    case .body(_, let sink): sink
    case .receiving(let content): content.sink
    default: nil
    }
  }

  /// Takes octets of a body.
  mutating func take(_ bytes: ArraySlice<UInt8>) {
    bodyOctets += bytes.count
    windowOctets += bytes.count
    switch phase {
    case .body(let handler, let sink):
      current?.body += bytes
      guard let sink, undelivered > limits.delivery else { return }
      deliver(IncomingContent(sink: sink, handler: handler))
    case .receiving(let content):
      current?.body += bytes
      deliver(content)
    default: return
    }
  }

  /// Gives the sink what waits, if that is enough and nothing is under way.
  private mutating func deliver(_ content: IncomingContent) {
    var content = content
    defer { phase = .receiving(content) }
    guard content.delivering == 0, let waiting = current?.body, !waiting.isEmpty else { return }
    // Whatever keeps the connection from reading is enough.
    guard content.isComplete || waiting.count > min(limits.delivery, limits.undelivered / 2) else { return }
    content.delivering = waiting.count
    actions.append(.deliver(waiting, to: content.sink))
    current?.body = []
  }

  /// The body is complete, though not yet taken.
  mutating func receivedAll() {
    guard case .receiving(var content) = phase else { return }
    content.isComplete = true
    goOn(with: content)
  }

  mutating func delivered() {
    guard case .receiving(var content) = phase, content.delivering > 0 else { return }
    content.delivering = 0
    goOn(with: content)
  }

  private mutating func goOn(with content: IncomingContent) {
    deliver(content)
    if content.isComplete, undelivered == 0 { respond(content.handler) }
  }

  /// Answers for the sink; what is still to come of the body is skipped if it is short.
  mutating func deliveryFailed(_ error: any Error) {
    guard case .receiving(let content) = phase, content.delivering > 0, var request = current else { return }
    request.body = []
    current = request
    timeBody(false)
    let response = content.handler.failed(request, error)
    if content.isComplete { return send(response, keepConnection: true) }
    do throws(ProtocolError) {
      try parser.limitRest(to: limits.drain)
      phase = .skipping(response)
      arm(.drain, timeouts.drain)
    } catch {
      send(response, keepConnection: false)
    }
  }

  /// Tells the sink of content that will not be completed.
  mutating func abandonContent() {
    if let sink = unfinishedSink { actions.append(.abandon(sink)) }
  }

  /// Whether more of a body may come: its sink keeps up.
  var hasRoom: Bool {
    guard case .receiving = phase else { return true }
    return undelivered <= (isReading ? limits.undelivered : limits.undelivered / 2)
  }

  /// Begins to time the body anew, or leaves off: a client that is not read cannot be slow.
  mutating func timeBody(_ isTimed: Bool) {
    guard isTimed else {
      disarm(.bodyStall)
      disarm(.bodyRate)
      return
    }
    windowOctets = 0
    arm(.bodyStall, timeouts.bodyStall)
    arm(.bodyRate, timeouts.bodyRateWindow)
  }
}
