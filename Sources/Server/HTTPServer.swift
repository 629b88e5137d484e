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
    case running([Serving])
    case stopped
  }

  /// A loop with the listening sockets of its own.
  private struct Serving {
    var loop: EventLoop
    var acceptors: [Acceptor]
  }

  private let configuration: ServerConfiguration
  private let responder: any Responder
  private let clock: any WallClock
  private let log: Logger
  private let metrics: HTTPMetrics
  private let requestIDs = RequestIDs()
  private let security: ServerSecurity?
  private let state = Mutex(State.idle)

  /// - Parameters:
  ///   - responder: Answers the requests.
  ///   - clock: Tells the time for `Date` fields.
  ///   - log: Gets one line per exchange.
  ///   - security: Secures the connections to the configured address; without it they are in clear.
  ///   - metrics: Where connections and exchanges are counted; a server has it for itself.
  package init(
    configuration: ServerConfiguration, responder: any Responder, clock: any WallClock = SystemClock(),
    log: Logger, security: TLSContext? = nil, metrics: MetricsRegistry = MetricsRegistry()
  ) {
    self.configuration = configuration
    self.responder = responder
    self.clock = clock
    self.log = log
    self.security = security.map { ServerSecurity($0, metrics: TLSMetrics(metrics)) }
    self.metrics = HTTPMetrics(metrics, routes: responder.routes)
  }

  /// Listens and serves until `shutdown`. Call it once. SIGPIPE is ignored in the whole process from now on.
  ///
  /// Returns the configured address, and that of the plain listener where there is one.
  ///
  /// Error: what keeps the server from an address, for example that another process has it.
  package func start() throws(ListenError) -> (address: BoundAddress, plain: BoundAddress?) {
    ignoreBrokenPipeSignal()
    var serving: [Serving] = []
    do {
      for index in 0..<max(1, configuration.loops) {
        serving.append(Serving(loop: try EventLoop(name: "http-\(index)"), acceptors: []))
      }
    } catch {
      throw listenError(configuration.host, configuration.port, error)
    }
    let address = try listen(on: configuration.host, configuration.port, security: security, &serving)
    var plain: BoundAddress?
    if let port = configuration.plainPort {
      plain = try listen(on: "127.0.0.1", port, security: nil, &serving)
    }
    do {
      for part in serving { try part.loop.start() }
    } catch {
      throw listenError(configuration.host, configuration.port, error)
    }
    state.withLock { [serving] state in
      guard case .idle = state else { preconditionFailure("a server starts once") }
      state = .running(serving)
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

  /// Gives every loop a listening socket on this address.
  private func listen(
    on host: String, _ port: UInt16, security: ServerSecurity?, _ serving: inout [Serving]
  ) throws(ListenError) -> BoundAddress {
    do {
      let addresses = try SocketAddress.resolve(host: host, port: port)
      let quota = ConnectionQuota(
        maximum: configuration.maximumConnections,
        maximumPerClient: configuration.maximumConnectionsPerClient)
      let handshakes = ConnectionQuota(
        maximum: configuration.maximumConnections,
        maximumPerClient: configuration.maximumHandshakesPerClient)
      // One that does not share its port finds out whether anybody else has it, and which one is free.
      var first = Optional(try ListeningSocket(onFirstOf: addresses))
      guard let bound = first?.address else { preconditionFailure("the socket was just made") }
      for index in serving.indices {
        if serving.count > 1 {
          first = nil
          first = try ListeningSocket(on: bound, sharesPort: true)
        }
        guard let listener = first.take() else { preconditionFailure("every loop has a socket") }
        let context = ConnectionContext(
          loop: serving[index].loop, responder: responder, limits: configuration.limits,
          timeouts: configuration.timeouts, requestIDs: requestIDs, accessLog: AccessLog(logger: log),
          metrics: metrics, date: DateText(clock: clock), security: security,
          handshakeTimeout: configuration.handshakeTimeout)
        let acceptor = try Acceptor(
          listener: listener, quota: quota, handshakes: handshakes, context: context, log: log)
        try acceptor.open()
        serving[index].acceptors.append(acceptor)
      }
      return BoundAddress(host: "\(bound.host)", port: Int(bound.port))
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
    let running = state.withLock { state -> [Serving] in
      defer { state = .stopped }
      guard case .running(let serving) = state else { return [] }
      return serving
    }
    await withTaskGroup { group in
      for part in running {
        for acceptor in part.acceptors {
          group.addTask {
            await withCheckedContinuation { continuation in
              part.loop.execute { acceptor.drain(grace: .seconds(seconds)) { continuation.resume() } }
            }
          }
        }
      }
    }
    for part in running { await part.loop.stop() }
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
