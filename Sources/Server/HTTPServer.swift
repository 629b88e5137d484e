// The server as the rest of the service sees it: start it with a responder, and shut it down in order.

import Glibc
public import HTTP
import Net
import Synchronization
public import Telemetry

/// An HTTP/1.1 server on one address.
public final class HTTPServer: Sendable {
  private enum State {
    case idle
    case running(EventLoop, Acceptor)
    case stopped
  }

  private let configuration: ServerConfiguration
  private let responder: any Responder
  private let clock: any WallClock
  private let log: Logger
  private let requestIDs = RequestIDs()
  private let state = Mutex(State.idle)

  /// - Parameters:
  ///   - responder: Answers the requests.
  ///   - clock: Tells the time for `Date` fields.
  ///   - log: Gets one line per exchange.
  public init(
    configuration: ServerConfiguration, responder: any Responder, clock: any WallClock = SystemClock(),
    log: Logger
  ) {
    self.configuration = configuration
    self.responder = responder
    self.clock = clock
    self.log = log
  }

  /// Listens and serves until `shutdown`. Call it once. SIGPIPE is ignored in the whole process from now on.
  ///
  /// Error: what keeps the server from its address, for example that another process has it.
  public func start() throws(ListenError) -> BoundAddress {
    ignoreBrokenPipeSignal()
    do {
      let addresses = try SocketAddress.resolve(host: configuration.host, port: configuration.port)
      let listener = try ListeningSocket(onFirstOf: addresses)
      let address = BoundAddress(host: "\(listener.address.host)", port: Int(listener.address.port))
      let loop = try EventLoop(name: "http")
      let context = ConnectionContext(
        loop: loop, responder: responder, limits: configuration.limits, timeouts: configuration.timeouts,
        requestIDs: requestIDs, accessLog: AccessLog(logger: log), date: DateText(clock: clock))
      let quota = ConnectionQuota(
        maximum: configuration.maximumConnections,
        maximumPerClient: configuration.maximumConnectionsPerClient)
      let acceptor = try Acceptor(listener: listener, quota: quota, context: context, log: log)
      try acceptor.open()
      try loop.start()
      state.withLock { state in
        guard case .idle = state else { preconditionFailure("a server starts once") }
        state = .running(loop, acceptor)
      }
      log.info("listening", metadata: ["address": "\(address)"])
      return address
    } catch {
      throw ListenError(
        host: configuration.host, port: Int(configuration.port), reason: "\(error)",
        isAddressInUse: (error as? SystemError)?.code == EADDRINUSE)
    }
  }

  /// Stops accepting, lets running requests finish and their responses leave, and closes everything else;
  /// what is not done after `seconds` is closed too. Returns when the last connection is closed.
  ///
  /// A second call returns at once.
  public func shutdown(grace seconds: Double) async {
    let running = state.withLock { state -> (EventLoop, Acceptor)? in
      defer { state = .stopped }
      guard case .running(let loop, let acceptor) = state else { return nil }
      return (loop, acceptor)
    }
    guard let (loop, acceptor) = running else { return }
    await withCheckedContinuation { continuation in
      loop.execute { acceptor.drain(grace: .seconds(seconds)) { continuation.resume() } }
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
