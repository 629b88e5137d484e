// The one seam between the server below and the application above: a request goes in, a response comes out.

import HTTPTypes

/// What may happen to a request whose head alone is known.
public enum Admission: Sendable {
  /// Read the body, if there is one, up to `maximumBody` octets (a longer one is refused with 413), and give the
  /// whole request to `handler`, which knows what the head has been found to mean.
  ///
  /// With a `sink` a body of more than `ConnectionLimits.delivery` octets goes there as it arrives, and the request has none
  /// when the last of it has been taken. A sink that fails ends the body early: `handler.failed` answers. Of the handler's
  /// answer, that one, and the sink's `abandon` there is exactly one.
  case accept(maximumBody: Int, sink: (any ContentSink)? = nil, handler: RequestHandler)
  /// Answer this at once. The body is skipped if it is short, otherwise the connection closes after the response.
  case refuse(Response)
}

/// Answers one complete request.
public struct RequestHandler: Sendable {
  /// Answers on the event loop, quickly and without blocking, so that nothing is handed over; nil where something has to be
  /// waited for.
  public var atOnce: @Sendable (Request) -> Response?
  /// Answers in a task what was not answered at once.
  public var later: @Sendable (Request) async -> Response
  /// Answers on the event loop, without blocking, a request whose sink has failed with that error.
  public var failed: @Sendable (Request, any Error) -> Response

  /// A handler of these; by default everything is answered in a task, and what a sink failed for with a bare 500.
  public init(
    atOnce: @escaping @Sendable (Request) -> Response? = { _ in nil },
    later: @escaping @Sendable (Request) async -> Response,
    failed: (@Sendable (Request, any Error) -> Response)? = nil
  ) {
    self.atOnce = atOnce
    self.later = later
    self.failed = failed ?? { _, _ in Response(status: .internalServerError) }
  }
}

/// The application: answers requests, and refuses what it need not read to the end.
public protocol Responder: Sendable {
  /// The operations that notes on exchanges name.
  var routes: [RouteDescription] { get }

  /// Decides from the head alone (empty body), before any body is read or `100 Continue` is sent.
  ///
  /// Runs on the event loop: quick, without blocking.
  func admit(_ head: Request) -> Admission

  /// Renders a violation of the protocol. The connection closes after this response.
  ///
  /// Runs on the event loop: quick, without blocking.
  func respond(toInvalid error: ProtocolError, requestID: String) -> Response
}

extension Responder {
  /// No operations: every exchange is counted as unmatched.
  public var routes: [RouteDescription] { [] }
}
