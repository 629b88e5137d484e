// Takes connections from the listening socket, keeps them while they are open, and ends them in order.

import Glibc
import HTTP
import Net
import Telemetry

/// The listening socket and the connections of one loop.
///
/// `@unchecked Sendable`: read and written only by the thread of `context.loop`; others only hand it back
/// to that loop through `EventLoop.execute`.
final class Acceptor: @unchecked Sendable {
  private let context: ConnectionContext
  private let log: Logger
  private var listener: ListeningSocket?
  private var registration: Registration?
  /// Given up for a moment when descriptors have run out, so that a waiting connection can be taken and
  /// closed.
  private var reserve: FileDescriptor?
  private var isOutOfDescriptors = false
  private var isPaused = false
  private let quota: ConnectionQuota
  /// The connections that are in their handshake, which costs more than anything a client may ask for in it.
  private let handshakes: ConnectionQuota
  private var connections: [UInt64: Connection] = [:]
  private var lastNumber: UInt64 = 0
  private var drained: (() -> Void)?

  /// Connections taken per event: a flood of new ones must not keep the loop from the old ones.
  private static let batch = 64
  /// How long to wait for the system to find memory or descriptors.
  private static let pause = Duration.milliseconds(100)

  init(
    listener: consuming ListeningSocket, quota: ConnectionQuota, handshakes: ConnectionQuota,
    context: ConnectionContext, log: Logger
  ) throws(SystemError) {
    self.context = context
    self.log = log
    self.quota = quota
    self.handshakes = handshakes
    self.listener = consume listener
    reserve = try .reserve()
  }

  /// Begins to take connections.
  func open() throws(SystemError) {
    registration = try listener?.register(with: context.loop) { self.accept() }
  }

  // MARK: - Taking connections

  /// Takes a batch of connections; false if no more can be taken now.
  @discardableResult
  private func accept() -> Bool {
    for _ in 0..<Self.batch {
      guard !quota.isFull else {
        // The connection that ends may be another loop's, which tells nobody.
        pause()
        return false
      }
      do throws(SystemError) {
        guard let socket = try listener?.accept() else { return false }
        isOutOfDescriptors = false
        adopt(socket)
      } catch {
        guard goesOn(after: error) else { return false }
      }
    }
    return true
  }

  private func adopt(_ socket: consuming StreamSocket) {
    let peer = socket.peer
    guard quota.admit(peer.host) else {
      return log.debug("too many connections of one client", metadata: ["peer": "\(peer)"])
    }
    guard context.security == nil || handshakes.admit(peer.host) else {
      quota.release(peer.host)
      context.security?.metrics.observe(.surplus)
      return log.debug("too many handshakes of one client", metadata: ["peer": "\(peer)"])
    }
    lastNumber += 1
    let number = lastNumber
    let connection = Connection(
      socket: socket, context: context, start: { self.start($0, for: number) },
      shookHands: { self.handshakes.release(peer.host) }, closed: { self.forget(number, peer: peer) })
    connections[number] = connection
    connection.open()
  }

  /// What a failed accept means (accept(2)); false if accepting must stop for now.
  private func goesOn(after error: SystemError) -> Bool {
    switch error.code {
    case EMFILE, ENFILE:
      if !isOutOfDescriptors { log.error("out of file descriptors; new connections are closed") }
      isOutOfDescriptors = true
      return shed()
    case ENOBUFS, ENOMEM:
      log.error("cannot accept", metadata: ["error": "\(error)"])
      pause()
      return false
    default:
      // The connection died before it was taken, which concerns nobody else.
      return true
    }
  }

  /// Takes one waiting connection in place of the reserve and closes it, because the listening socket would
  /// otherwise stay ready for ever; false if none is waiting or not even that is possible.
  private func shed() -> Bool {
    reserve = nil
    do throws(SystemError) {
      let wasWaiting = try takeAndClose()
      reserve = try .reserve()
      return wasWaiting
    } catch {
      pause()
      return false
    }
  }

  /// False if no connection is waiting.
  private func takeAndClose() throws(SystemError) -> Bool {
    guard let socket = try listener?.accept() else { return false }
    _ = consume socket
    return true
  }

  private func pause() {
    listen(false)
    guard !isPaused else { return }
    isPaused = true
    _ = context.loop.schedule(after: Self.pause) {
      self.isPaused = false
      self.listen(true)
    }
  }

  private func listen(_ wanted: Bool) {
    if let registration { context.loop.modify(registration, to: wanted ? .readable : []) }
  }

  // MARK: - Open connections

  /// Runs work in a task. What comes of it for a connection that has closed meanwhile is dropped.
  private func start(
    _ work: @escaping @Sendable () async -> ServerConnection.Event, for number: UInt64
  ) -> Task<Void, Never> {
    let loop = context.loop
    return Task {
      let event = await work()
      loop.execute { self.connections[number]?.completed(with: event) }
    }
  }

  private func forget(_ number: UInt64, peer: SocketAddress) {
    connections[number] = nil
    quota.release(peer.host)
    listen(true)
    if connections.isEmpty { finishDraining() }
  }

  // MARK: - The end

  /// Stops listening and lets every connection finish; `completion` runs when none is left, at the latest
  /// after `grace`.
  ///
  /// Connections that wait to be accepted are taken first: their clients believe to be connected, and
  /// closing the listening socket would reset them.
  func drain(grace: Duration, completion: @escaping () -> Void) {
    drained = completion
    while accept() {}
    if let registration { context.loop.unregister(registration) }
    registration = nil
    listener = nil
    for connection in connections.values { connection.drain() }
    guard !connections.isEmpty else { return finishDraining() }
    log.info("draining", metadata: ["connections": "\(connections.count)"])
    _ = context.loop.schedule(after: grace) {
      guard !self.connections.isEmpty else { return }
      self.log.warning("closing what did not finish", metadata: ["connections": "\(self.connections.count)"])
      for connection in self.connections.values { connection.close() }
    }
  }

  private func finishDraining() {
    drained?()
    drained = nil
  }
}
