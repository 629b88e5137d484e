// The vocabulary between the connection's state machine and the server that drives it.

extension ServerConnection {
  /// What happened.
  public enum Event: Sendable {
    /// The connection was accepted. Comes first, once.
    case opened
    /// Octets were read.
    case received([UInt8])
    /// In place of `.received`, where `mayRepeat`: the octets were those of a remembered request, and its answer has been
    /// given to the socket but for `remaining` octets, which are queued.
    case repeated(remaining: Int)
    /// Instead of a handshake of TLS a request came in clear. In place of `.opened`.
    case receivedInClear
    /// The peer closed its sending side; it may still read.
    case endOfInput
    /// The handler's answer to the request of the last `.respond`.
    case responded(Response)
    /// The sink of the last `.deliver` has taken what it was given.
    case delivered
    /// The sink of the last `.deliver` failed.
    case deliveryFailed(any Error)
    /// What the producer of the last `.produce` gave.
    case produced([UInt8])
    /// The producer of the last `.produce` has nothing more to give.
    case productionEnded
    /// The producer of the last `.produce` failed.
    case productionFailed
    /// The socket took octets; `remaining` of all those from `.send` are still queued. Feed it on each progress,
    /// and with 0 as soon as the queue is empty.
    case wrote(remaining: Int)
    /// An armed timer fired.
    case timer(Timer)
    /// The server shuts down: finish what has begun, then close.
    case drain
  }

  /// What to do.
  public enum Action: Sendable {
    /// Queue these octets and write them as the socket takes them.
    case send([UInt8])
    /// Give this request to the handler, first on the loop and then off it, and feed `.responded` with the answer.
    case respond(Request, handler: RequestHandler)
    /// Give these octets to the sink, off the loop, and feed what comes of it.
    case deliver([UInt8], to: any ContentSink)
    /// Cancel a running `.deliver`, and tell the sink that no more will come.
    case abandon(any ContentSink)
    /// Ask for the next octets of a stream, off the loop, and feed what comes of it.
    case produce(any ContentProducer)
    /// The last of a response has been handed to `.send`; for the access log and the metrics.
    case answered(Exchange)
    /// What was answered last may be answered again without asking, as long as it holds; a driver may do without.
    case remember(RepeatableAnswer)
    /// Arm this timer; one of the same kind that is armed is replaced.
    case setTimer(Timer, seconds: Double)
    /// Disarm this timer.
    case cancelTimer(Timer)
    /// Stop reading from the socket: the peer sends faster than it is answered.
    case stopReading
    /// Read from the socket again.
    case resumeReading
    /// Shut down the sending side; the queue is empty by then. Reading goes on until `.close`.
    case halfClose
    /// Close the socket, drop what is queued, disarm every timer, and cancel a running `.respond`, `.deliver` or
    /// `.produce`.
    case close
  }

  /// The kinds of timers, at most one of each armed at a time.
  public enum Timer: Int, Sendable, Hashable, CaseIterable {
    case head, bodyStall, bodyRate, drain, writeStall, idle, linger
  }

  /// Some kinds of timers. Every request changes it several times, so that it is bits and no table.
  struct Timers: Sendable {
    private var bits: UInt8 = 0

    func contains(_ timer: Timer) -> Bool { bits & 1 << timer.rawValue != 0 }
    mutating func insert(_ timer: Timer) { bits |= 1 << timer.rawValue }
    /// Takes it out; whether it was there.
    mutating func remove(_ timer: Timer) -> Bool {
      defer { bits &= ~(1 << timer.rawValue) }
      return contains(timer)
    }
  }

  /// One request and its response, in short.
  public struct Exchange: Sendable, Hashable {
    /// The identifier that both carry.
    public var requestID: String
    /// The method; `nil` if the request line was not understood.
    public var method: String?
    /// The target as it was sent; `nil` if the request line was not understood.
    public var path: String?
    /// The status code of the response.
    public var status: Int
    /// Octets of the request's body that were received.
    public var receivedBody: Int
    /// Octets of the response with its head.
    public var sent: Int
    /// Octets of the head among them.
    public var sentHead = 0
    /// Whether all of the content was handed to `.send`; a stream may break off.
    public var isComplete = true
    /// What was wrong with the request, if the protocol was violated.
    public var error: ProtocolError?
    /// Who asked, where a key said so.
    public var caller: Caller?
    /// What the application said about it.
    public var note: ExchangeNote?
  }
}
