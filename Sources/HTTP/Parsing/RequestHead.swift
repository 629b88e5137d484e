// The head of a request, checked as a whole once its last line is in.

public import HTTPTypes

/// A complete, valid head: everything that is known before the body.
package struct RequestHead: Sendable {
  /// Method, scheme, authority, path and fields; the Host field has become `authority`.
  package let request: HTTPRequest
  /// The decoded target.
  package let target: Target
  /// The host and port that the request is for; `nil` only in HTTP/1.0.
  package let authority: Authority?
  /// Where the body ends.
  package let framing: BodyFraming
  /// False for HTTP/1.0.
  package let isHTTP11: Bool
  /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
  package let expectsContinue: Bool
  /// Whether the connection may carry another request, as far as the client is concerned (RFC 9112 §9.3).
  package let isPersistent: Bool

  /// Fields that must not be given twice, because two readers could pick different ones.
  private static let singletons: [HTTPField.Name] = [
    .host, .contentLength, .contentType, .authorization, .ifRange, .idempotencyKey, .lastEventID,
  ]

  init(line: RequestLine, fields: HTTPFields, scheme: String) throws(ProtocolError) {
    // The names are few and short: comparing them is quicker than hashing.
    for name in Self.singletons {
      var isThere = false
      for field in fields where field.name == name {
        guard !isThere else { throw .duplicateField(name: field.name.rawName) }
        isThere = true
      }
    }
    isHTTP11 = line.isHTTP11
    target = line.target.target
    authority = try Self.authority(line: line, host: fields.value(of: .host))
    framing = try BodyFraming(method: line.method, isHTTP11: line.isHTTP11, fields: fields)
    expectsContinue = try Self.expectsContinue(fields, isHTTP11: line.isHTTP11)
    isPersistent = Self.isPersistent(fields, isHTTP11: line.isHTTP11)
    var fields = fields
    fields[.host] = nil
    request = HTTPRequest(
      method: line.method, scheme: scheme, authority: authority?.description, path: line.target.raw,
      headerFields: fields)
  }

  /// The host of the target if it names one, otherwise that of Host, which must be there and valid in either case
  /// (RFC 9112 §3.2, §3.2.2).
  private static func authority(line: RequestLine, host: String?) throws(ProtocolError) -> Authority? {
    guard let host else {
      guard !line.isHTTP11 else { throw .missingHost }
      return line.target.authority
    }
    guard let authority = Authority(parsing: host) else { throw .invalidHost }
    return line.target.authority ?? authority
  }

  private static func expectsContinue(_ fields: HTTPFields, isHTTP11: Bool) throws(ProtocolError) -> Bool {
    // RFC 9110 §10.1.1: an HTTP/1.0 request's expectation is ignored.
    guard isHTTP11, fields.contains(.expect) else { return false }
    let expectations = fields.list(.expect)
    guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else { throw .expectationFailed }
    return !expectations.isEmpty
  }

  private static func isPersistent(_ fields: HTTPFields, isHTTP11: Bool) -> Bool {
    // Nearly every request leaves it out.
    guard fields.value(of: .connection) != nil else { return isHTTP11 }
    let options = fields.list(.connection).map { $0.lowercased() }
    return !options.contains("close") && (isHTTP11 || options.contains("keep-alive"))
  }
}

extension HTTPField.Name {
  /// `Host` (RFC 9110 §7.2). A parsed request has it as `HTTPRequest.authority`.
  static let host = HTTPField.Name("Host")!
  /// `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).
  public static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
  /// `Last-Event-ID` (WHATWG HTML §9.2).
  static let lastEventID = HTTPField.Name("Last-Event-ID")!
}

extension HTTPFields {
  /// The elements of a comma-separated field over all its lines (RFC 9110 §5.6.1), empty ones dropped.
  func list(_ name: HTTPField.Name) -> [String] {
    values(of: name).flatMap(FieldScanner.list).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Authority: CustomStringConvertible {
  /// `host` or `host:port`.
  public var description: String { port.map { "\(host):\($0)" } ?? host }
}
