// The response that a responder gives; framing and connection fields are the connection's business.

public import HTTPTypes

/// One final HTTP response.
///
/// `Content-Length`, `Transfer-Encoding`, `Date` and `Connection` are written by `ResponseEncoder`, whatever stands
/// in `fields`; a `Connection: close` there is honoured.
public struct Response: Sendable {
  /// The final status, 200 to 599.
  public var status: HTTPResponse.Status
  /// The header fields, but for those of the framing.
  public var fields: HTTPFields
  /// The content.
  public var body: Body
  /// Who was found to ask, for the log alone.
  public var caller: Caller?
  /// The code of the problem that it tells, for the log alone; nil where there is none.
  public var problem: String?
  /// For the log and the metrics; nil for a request that no operation was found for.
  public var note: ExchangeNote?
  /// Whether the same request would get this response again, but for its date and identifier; nil where that cannot be told.
  ///
  /// What is given again is not admitted again: this is all that is asked. Runs on the event loop: quick, without blocking.
  public var holds: (@Sendable () -> Bool)?

  /// The content of a response.
  public enum Body: Sendable {
    /// No content.
    case empty
    /// All of the content.
    case bytes([UInt8])
    /// Content that is made while it is sent.
    case stream(ContentStream)
  }

  /// A response of these parts.
  public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: Body = .empty) {
    self.status = status
    self.fields = fields
    self.body = body
  }
}

/// Who sent a request: public facts about a key, never the key.
public struct Caller: Sendable, Hashable {
  /// The identifier of the key.
  public var id: String
  /// Its label.
  public var name: String

  /// A caller of these facts.
  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

extension Response.Body {
  /// The number of octets of the content; nil for a stream that does not know it beforehand.
  public var length: Int? {
    switch self {
    case .empty: 0
    case .bytes(let bytes): bytes.count
    case .stream(let stream): stream.length
    }
  }
}
