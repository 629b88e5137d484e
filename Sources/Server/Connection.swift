// One client: moves octets between its socket and its state machine and does what the machine says.

import HTTP
import Net
import Telemetry

/// A connection never leaves its loop: it is not `Sendable`, and the tasks that answer its requests know
/// only its number. All decisions are `ServerConnection`'s.
///
/// Octets pass two places, `receive` and `flushed`: a connection with TLS has a `SecureChannel` there
/// (`Connection+TLS.swift`).
final class Connection {
  let context: ConnectionContext
  private let socket: StreamSocket
  /// What deciphers and enciphers; nil where octets pass as they are.
  var channel: SecureChannel?
  var handshakeTimer: TimerID?
  /// Called once, when the handshake has come to its end; nil from then on.
  var shookHands: (() -> Void)?
  /// Starts work off the loop whose outcome comes back by `completed`.
  private let start: (@escaping @Sendable () async -> ServerConnection.Event) -> Task<Void, Never>
  /// Called once, when the connection has closed.
  private let closed: () -> Void

  private var machine: ServerConnection
  private var registration: Registration?
  private var interest: Readiness = []
  private var timers = ConnectionTimers()
  /// The loop's timer for the earliest of them or for an earlier moment.
  private var alarm: (id: TimerID, at: Int64)?
  private var unsent = WriteQueue()
  /// The work that was started and has not come back.
  private var work: Task<Void, Never>?
  /// What an action brought about, to be fed behind the others.
  private var consequence: ServerConnection.Event?
  private var wantsInput = true
  var inputHasEnded = false
  private var isClosed = false
  /// Whether a request has been given to its handler and is not recorded yet.
  private var isAnswering = false
  /// When the first octets of the current request came.
  var requestBegan: Int64?
  /// The sending side is to be shut down when everything is sent.
  private var finishesSending = false
  /// The last response broke off: nothing may say that it was whole.
  private var hasBrokenOff = false

  init(
    socket: consuming StreamSocket, context: ConnectionContext,
    start: @escaping (@escaping @Sendable () async -> ServerConnection.Event) -> Task<Void, Never>,
    shookHands: @escaping () -> Void, closed: @escaping () -> Void
  ) {
    self.socket = socket
    self.context = context
    self.start = start
    self.closed = closed
    let requestIDs = context.requestIDs
    machine = ServerConnection(
      limits: context.limits, timeouts: context.timeouts, scheme: context.security == nil ? "http" : "https",
      client: "\(self.socket.peer.host.client)", responder: context.responder,
      makeRequestID: { requestIDs.next() })
    if let security = context.security {
      channel = SecureChannel(security.current)
      self.shookHands = shookHands
    }
  }

  var peer: SocketAddress { socket.peer }
  /// The client's address as the log has it.
  private lazy var peerText = "\(socket.peer)"

  /// Begins to read. The connection lives, held by its registration, until it closes.
  func open() {
    context.metrics.connections.add(1)
    context.metrics.connectionsTotal.add()
    do {
      try socket.disableNagle()
      interest = .readable
      registration = try socket.register(with: context.loop, for: interest) { self.ready(for: $0) }
      if channel == nil { handle(.opened) } else { awaitHandshake() }
    } catch {
      close()
    }
  }

  /// What came of the work that was last passed to `start`.
  func completed(with event: ServerConnection.Event) {
    work = nil
    handle(event)
  }

  /// Finishes what has begun, then closes. What has arrived by now is answered first.
  func drain() {
    receive()
    // Nothing was asked yet, and nobody waits for an answer.
    if channel?.isShakingHands == true { close() }
    handle(.drain)
  }

  /// Ends the connection at once.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    if let registration { context.loop.unregister(registration) }
    if let alarm { context.loop.cancel(alarm.id) }
    alarm = nil
    endHandshake()
    work?.cancel()
    machine.unfinishedSink?.abandon()
    if let exchange = machine.unfinished { record(exchange) }
    endAnswer()
    context.metrics.connections.add(-1)
    closed()
  }

  // MARK: - Events

  private func ready(for readiness: Readiness) {
    if readiness.contains(.writable) { handle(flushed()) }
    if !readiness.isDisjoint(with: [.readable, .hangup]) { receive() }
    // Nobody is left to hear an answer, and nothing more will be read that could say so.
    if !readiness.isDisjoint(with: .hangup), !reads { close() }
  }

  private var reads: Bool { wantsInput && !inputHasEnded && !isClosed }

  /// Reads once: a fast sender must not keep the loop from others.
  private func receive() {
    guard reads else { return }
    do {
      switch try socket.receive(into: context.readBuffer) {
      case .bytes(let count):
        let octets = UnsafeRawBufferPointer(rebasing: context.readBuffer[..<count])
        if let channel { decipher(octets, by: channel) } else { take(octets) }
      case .end:
        inputHasEnded = true
        channel?.endOfTransport()
        if shookHands == nil { handle(.endOfInput) } else { close() }
      case .wouldBlock: break
      }
    } catch {
      close()
    }
  }

  /// Takes what the client has written, in clear or deciphered.
  func take(_ octets: UnsafeRawBufferPointer) {
    if requestBegan == nil { requestBegan = EventLoop.clock() }
    if machine.mayRepeat, waiting == 0, let entry = context.answers.entry(for: octets) {
      give(entry)
    } else {
      handle(.received([UInt8](octets)))
    }
  }

  /// Answers a request as it was answered before.
  private func give(_ entry: RememberedAnswers.Entry) {
    entry.answer.renew(date: context.date.now()) { context.requestIDs.write(to: $0) }
    unsent.append(entry.answer.head)
    unsent.append(entry.answer.content)
    _ = flushed()
    guard !isClosed else { return }
    handle(.repeated(remaining: waiting))
    record(entry.answer)
  }

  /// Gives the socket what waits to be sent; what became of it, if anything did.
  func flushed() -> ServerConnection.Event? {
    guard waiting > 0, !isClosed else { return nil }
    do {
      let hasMoved =
        try channel?.flush(&unsent, to: socket, by: context.recordBuffer) ?? unsent.flush(to: socket)
      if finishesSending, waiting == 0 { try socket.finishSending() }
      return hasMoved ? .wrote(remaining: waiting) : nil
    } catch {
      close()
      return nil
    }
  }

  /// Octets that wait to be sent, enciphered and not.
  private var waiting: Int { unsent.count + (channel?.waiting ?? 0) }

  /// Performs all that follows from an event, which includes the events of sending.
  func handle(_ event: ServerConnection.Event?) {
    var next = event
    while let event = next, !isClosed {
      var actions: [ServerConnection.Action] = []
      swap(&actions, &context.actions)
      machine.on(event, date: context.date.now(), into: &actions)
      for action in actions where !isClosed { perform(action) }
      actions.removeAll(keepingCapacity: true)
      swap(&actions, &context.actions)
      next = consequence.take() ?? flushed()
    }
    updateInterest()
  }

  private func updateInterest() {
    guard !isClosed, let registration else { return }
    var wanted: Readiness = reads ? .readable : []
    if waiting > 0 { wanted.insert(.writable) }
    guard wanted != interest else { return }
    interest = wanted
    context.loop.modify(registration, to: wanted)
  }

  // MARK: - Actions

  private func perform(_ action: ServerConnection.Action) {
    switch action {
    case .send(let bytes): unsent.append(bytes)
    case .respond(let request, let handler):
      isAnswering = true
      context.metrics.activeRequests.add(1)
      if let response = handler.atOnce(request) {
        consequence = .responded(response)
      } else {
        work = start { .responded(await handler.later(request)) }
      }
    case .deliver(let bytes, let sink): work = start { await sink.event(taking: bytes) }
    case .abandon(let sink):
      work?.cancel()
      sink.abandon()
    case .produce(let producer): work = start { await producer.event() }
    case .answered(let exchange): record(exchange)
    case .remember(let answer): context.answers.remember(answer)
    case .setTimer(let timer, let seconds): set(timer, seconds: seconds)
    case .cancelTimer(let timer): timers.cancel(timer)
    case .stopReading: wantsInput = false
    case .resumeReading: wantsInput = true
    case .halfClose: halfClose()
    case .close:
      if !hasBrokenOff, waiting == 0 { sayFarewell() }
      close()
    }
  }

  private func record(_ exchange: ServerConnection.Exchange) {
    if !exchange.isComplete { hasBrokenOff = true }
    endAnswer()
    let nanoseconds = endRequest()
    context.metrics.observe(exchange, seconds: Double(nanoseconds) * 1e-9)
    context.accessLog.record(exchange, peer: peerText, nanoseconds: nanoseconds, tls: channel?.version)
  }

  private func record(_ answer: RepeatableAnswer) {
    let nanoseconds = endRequest()
    context.metrics.observe(answer.exchange, seconds: Double(nanoseconds) * 1e-9)
    guard context.accessLog.tells(of: answer.exchange) else { return }
    context.accessLog.record(
      answer.renewedExchange, peer: peerText, nanoseconds: nanoseconds, tls: channel?.version)
  }

  /// The time that the current request has taken so far, in nanoseconds; the next one begins.
  private func endRequest() -> Int64 {
    let now = EventLoop.clock()
    defer { requestBegan = nil }
    return now - (requestBegan ?? now)
  }

  private func endAnswer() {
    if isAnswering { context.metrics.activeRequests.add(-1) }
    isAnswering = false
  }

  private func set(_ timer: ServerConnection.Timer, seconds: Double) {
    let deadline = context.loop.now + Int64(seconds * 1e9)
    timers.set(timer, at: deadline)
    wake(by: deadline)
  }

  /// Sees to it that the loop looks at the timers at `deadline` or before.
  private func wake(by deadline: Int64) {
    if let alarm {
      if alarm.at <= deadline { return }
      context.loop.cancel(alarm.id)
    }
    alarm = (context.loop.schedule(at: deadline) { self.lookAtTimers() }, deadline)
  }

  private func lookAtTimers() {
    alarm = nil
    let now = EventLoop.clock()
    while !isClosed, let timer = timers.takeDue(at: now) { handle(.timer(timer)) }
    if !isClosed, let next = timers.next { wake(by: next) }
  }

  private func halfClose() {
    channel?.shutdown()
    guard waiting == 0 else {
      finishesSending = true
      return
    }
    do {
      try socket.finishSending()
    } catch {
      close()
    }
  }
}

extension ContentProducer {
  /// What the next octets are to the connection's machine.
  fileprivate func event() async -> ServerConnection.Event {
    do {
      return try await next().map { .produced($0) } ?? .productionEnded
    } catch {
      return .productionFailed
    }
  }
}

extension ContentSink {
  /// What came of giving it these octets, to the connection's machine.
  fileprivate func event(taking bytes: [UInt8]) async -> ServerConnection.Event {
    do {
      try await take(bytes)
      return .delivered
    } catch {
      return .deliveryFailed(error)
    }
  }
}
