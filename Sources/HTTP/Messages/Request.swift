// The request as the rest of the service sees it: validated, decoded once, with its body complete.

public import HTTPTypes

/// One HTTP request.
///
/// `Responder.admit` sees it as soon as its head is complete, with an empty body; the handler that it names sees it
/// whole.
public struct Request: Sendable {
  /// Method, scheme, authority, raw path and header fields. As in the rest of the swift-http-types ecosystem, the
  /// host is `head.authority` and is not repeated among `head.headerFields`.
  public var head: HTTPRequest
  /// The decoded request target.
  public var target: Target
  /// The host and port that the request is for; `nil` only in HTTP/1.0, which may leave Host out.
  public var authority: Authority?
  /// The content, after any transfer coding has been removed.
  public var body: [UInt8]
  /// The client's `X-Request-Id` if it is valid (`RequestID`), otherwise one made by the server.
  public var id: String
  /// The address that stands for the client whose connection this is; nil where there is no connection.
  public var client: String?

  /// The parts as they are; the connection has checked them.
  public init(
    head: HTTPRequest, target: Target, authority: Authority?, body: [UInt8] = [], id: String,
    client: String? = nil
  ) {
    self.head = head
    self.target = target
    self.authority = authority
    self.body = body
    self.id = id
    self.client = client
  }

  /// The request method.
  public var method: HTTPRequest.Method { head.method }

  /// The header fields, without Host.
  public var fields: HTTPFields { head.headerFields }
}

/// The rule for a request identifier that is taken over from the client.
public enum RequestID {
  /// Whether `text` is 1 to 128 characters of `[A-Za-z0-9._-]`, and thus safe in logs and fields.
  public static func isValid(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { Octet.isAlphanumeric($0) || $0 == .dot || $0 == .underscore || $0 == .hyphen }
  }
}

extension HTTPField.Name {
  /// `X-Request-Id`: names one exchange in responses, logs and problem documents.
  public static let requestID = HTTPField.Name("X-Request-Id")!
}
