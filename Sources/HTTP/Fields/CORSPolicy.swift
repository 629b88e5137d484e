// Which other sites' pages may read answers: the fields of cross-origin resource sharing.

public import HTTPTypes

/// Cross-origin resource sharing for a list of origins; without one, no field of it is ever sent.
///
/// Credentials of the browser are never allowed: a page sends its key itself. Source: WHATWG Fetch §3.2 (CORS protocol).
public struct CORSPolicy: Sendable {
  private let origins: Set<Origin>

  /// - Parameter origins: such as `https://tools.example.org`; what is no origin is ignored.
  public init(origins: [String]) {
    self.origins = Set(origins.compactMap(Origin.init))
  }

  /// Adds what a response to `request` needs, so that a listed page may read it and no cache gives it to another.
  ///
  /// - Parameter request: nil where it could not be understood.
  public func addFields(to response: inout Response, for request: Request?) {
    guard !origins.isEmpty else { return }
    response.fields[.vary] = response.fields[.vary].map { "\($0), Origin" } ?? "Origin"
    guard let origin = request.flatMap(listedOrigin(of:)) else { return }
    response.fields[.accessControlAllowOrigin] = origin
    response.fields[.accessControlExposeHeaders] = Self.exposed
  }

  /// What the answer to a preflight has beside `Allow`; nil if the request is none, or comes from another page.
  ///
  /// - Parameter methods: those of the path.
  public func preflightFields(for request: Request, methods: [HTTPRequest.Method]) -> HTTPFields? {
    guard request.method == .options, request.fields.contains(.accessControlRequestMethod),
      listedOrigin(of: request) != nil
    else { return nil }
    return [
      .accessControlAllowMethods: methods.map(\.rawValue).joined(separator: ", "),
      .accessControlAllowHeaders: Self.allowed,
      .accessControlMaxAge: "600",
      .vary: "Access-Control-Request-Method, Access-Control-Request-Headers",
    ]
  }

  /// The request's origin as it was sent, if it is listed.
  private func listedOrigin(of request: Request) -> String? {
    let values = request.fields[values: .origin]
    guard values.count == 1, let origin = Origin(values[0]), origins.contains(origin) else { return nil }
    return values[0]
  }

  /// The request fields that pages may send.
  private static let allowed = """
    authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, prefer, content-encoding, \
    content-digest, traceparent
    """
  /// The response fields that pages may read beside those that every page may.
  private static let exposed = """
    ETag, Location, Retry-After, Link, X-Request-Id, Idempotency-Replayed, RateLimit, RateLimit-Policy
    """
}
