// The server as the rest of the service sees it: start it with a responder, and shut it down in order.

import Glibc
package import HTTP
import Net
import Synchronization
package import TLS
package import Telemetry

/// An HTTP/1.1 server on one address.
public final class HTTPServer: Sendable {
  private enum State {
    case idle
    case running(EventLoop, [Acceptor])
    case stopped
  }

  private let configuration: ServerConfiguration
  private let responder: any Responder
  private let clock: any WallClock
  private let log: Logger
  private let requestIDs = RequestIDs()
  private let security: ServerSecurity?
  private let state = Mutex(State.idle)

  /// - Parameters:
  ///   - responder: Answers the requests.
  ///   - clock: Tells the time for `Date` fields.
  ///   - log: Gets one line per exchange.
  ///   - security: Secures the connections to the configured address; without it they are in clear.
  package init(
    configuration: ServerConfiguration, responder: any Responder, clock: any WallClock = SystemClock(),
    log: Logger, security: TLSContext? = nil
  ) {
    self.configuration = configuration
    self.responder = responder
    self.clock = clock
    self.log = log
    self.security = security.map { ServerSecurity($0) }
  }

  /// Listens and serves until `shutdown`. Call it once. SIGPIPE is ignored in the whole process from now on.
  ///
  /// Returns the configured address, and that of the plain listener where there is one.
  ///
  /// Error: what keeps the server from an address, for example that another process has it.
  package func start() throws(ListenError) -> (address: BoundAddress, plain: BoundAddress?) {
    ignoreBrokenPipeSignal()
    let loop: EventLoop
    do {
      loop = try EventLoop(name: "http")
    } catch {
      throw listenError(configuration.host, configuration.port, error)
    }
    var (acceptor, address) = try listen(
      on: configuration.host, configuration.port, security: security, loop: loop)
    var acceptors = [acceptor]
    var plain: BoundAddress?
    if let port = configuration.plainPort {
      (acceptor, plain) = try listen(on: "127.0.0.1", port, security: nil, loop: loop)
      acceptors.append(acceptor)
    }
    do {
      try loop.start()
    } catch {
      throw listenError(configuration.host, configuration.port, error)
    }
    state.withLock { state in
      guard case .idle = state else { preconditionFailure("a server starts once") }
      state = .running(loop, acceptors)
    }
    for address in [address, plain].compactMap(\.self) {
      log.info("listening", metadata: ["address": "\(address)"])
    }
    return (address, plain)
  }

  /// Connections from now on are secured by this; those that are open keep what they have. Only for a server that was
  /// made with TLS.
  package func use(_ security: TLSContext) {
    self.security?.replace(by: security)
  }

  private func listen(
    on host: String, _ port: UInt16, security: ServerSecurity?, loop: EventLoop
  ) throws(ListenError) -> (Acceptor, BoundAddress) {
    do {
      let listener = try ListeningSocket(onFirstOf: SocketAddress.resolve(host: host, port: port))
      let address = BoundAddress(host: "\(listener.address.host)", port: Int(listener.address.port))
      let context = ConnectionContext(
        loop: loop, responder: responder, limits: configuration.limits, timeouts: configuration.timeouts,
        requestIDs: requestIDs, accessLog: AccessLog(logger: log), date: DateText(clock: clock),
        security: security, handshakeTimeout: configuration.handshakeTimeout)
      let quota = ConnectionQuota(
        maximum: configuration.maximumConnections,
        maximumPerClient: configuration.maximumConnectionsPerClient)
      let handshakes = ConnectionQuota(
        maximum: configuration.maximumConnections,
        maximumPerClient: configuration.maximumHandshakesPerClient)
      let acceptor = try Acceptor(
        listener: listener, quota: quota, handshakes: handshakes, context: context, log: log)
      try acceptor.open()
      return (acceptor, address)
    } catch {
      throw listenError(host, port, error)
    }
  }

  private func listenError(_ host: String, _ port: UInt16, _ error: any Error) -> ListenError {
    ListenError(
      host: host, port: Int(port), reason: "\(error)",
      isAddressInUse: (error as? SystemError)?.code == EADDRINUSE)
  }

  /// Stops accepting, lets running requests finish and their responses leave, and closes everything else;
  /// what is not done after `seconds` is closed too. Returns when the last connection is closed.
  ///
  /// A second call returns at once.
  public func shutdown(grace seconds: Double) async {
    let running = state.withLock { state -> (EventLoop, [Acceptor])? in
      defer { state = .stopped }
      guard case .running(let loop, let acceptors) = state else { return nil }
      return (loop, acceptors)
    }
    guard let (loop, acceptors) = running else { return }
    await withTaskGroup { group in
      for acceptor in acceptors {
        group.addTask {
          await withCheckedContinuation { continuation in
            loop.execute { acceptor.drain(grace: .seconds(seconds)) { continuation.resume() } }
          }
        }
      }
    }
    await loop.stop()
  }
}

/// Why a server could not start.
public struct ListenError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The host that was to be listened on.
  public var host: String
  /// The port that was to be listened on.
  public var port: Int
  /// The failed call and the system's reason, for example `bind: Address already in use`.
  public var reason: String
  /// Whether another socket has the address.
  public var isAddressInUse: Bool

  /// `cannot listen on 127.0.0.1:8080: bind: Address already in use`.
  public var description: String {
    "cannot listen on \(BoundAddress(host: host, port: port)): \(reason)"
  }
}
