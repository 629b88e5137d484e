// The one seam between the server below and the application above: a request goes in, a response comes out.

/// What may happen to a request whose head alone is known.
public enum Admission: Sendable {
  /// Read the body, if there is one, up to `maximumBody` octets (a longer one is refused with 413), and give the
  /// whole request to `handler`, which knows what the head has been found to mean.
  case accept(maximumBody: Int, handler: RequestHandler)
  /// Answer this at once. The body is skipped if it is short, otherwise the connection closes after the response.
  case refuse(Response)
}

/// Answers one complete request.
public enum RequestHandler: Sendable {
  /// On the event loop: quick, without blocking, so that nothing is handed over.
  case immediate(@Sendable (Request) -> Response)
  /// In a task.
  case asynchronous(@Sendable (Request) async -> Response)
}

/// The application: answers requests, and refuses what it need not read to the end.
public protocol Responder: Sendable {
  /// Decides from the head alone (empty body), before any body is read or `100 Continue` is sent.
  ///
  /// Runs on the event loop: quick, without blocking.
  func admit(_ head: Request) -> Admission

  /// Renders a violation of the protocol. The connection closes after this response.
  ///
  /// Runs on the event loop: quick, without blocking.
  func respond(toInvalid error: ProtocolError, requestID: String) -> Response
}
