// Making responses of documents and texts, each with its media type and its rule for caches.

import Digest
import HTTP
import HTTPTypes
import JSON

extension Response {
  /// A JSON document: one member on a line, arrays of numbers on one line, ended by a line end.
  static func json(
    _ value: JSONValue, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:],
    caching: Caching = .revalidate
  ) -> Response {
    content(value.serialized(pretty: true), type: MediaTypes.json, status: status, fields: fields, caching)
  }

  /// A text in UTF-8.
  static func text(
    _ text: String, type: String = MediaTypes.text, status: HTTPResponse.Status = .ok,
    fields: HTTPFields = [:], caching: Caching = .revalidate
  ) -> Response {
    content(Array(text.utf8), type: type, status: status, fields: fields, caching)
  }

  static func content(
    _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:],
    _ caching: Caching
  ) -> Response {
    var fields = fields
    fields[.contentType] = type
    fields[.cacheControl] = caching.rawValue
    return Response(status: status, fields: fields, body: .bytes(bytes))
  }
}

extension Response {
  /// This response as one that the same request gets again as long as `holds` says so; whoever may not ask any more is no
  /// part of that.
  func holding(_ holds: @escaping @Sendable () -> Bool) -> Response {
    var response = self
    response.holds = holds
    return response
  }

  /// This answer to a request with an entity tag, where it is to have one; or 304 in its place if the client has that
  /// content.
  func tagged(for request: Request) -> Response {
    guard request.method == .get || request.method == .head else { return self }
    return tagged().revalidated(for: request)
  }

  /// This response with an entity tag of its content, unless it has one, is not to be kept, or is no success.
  func tagged() -> Response {
    guard status == .ok, fields.value(of: .eTag) == nil,
      fields.value(of: .cacheControl) == Caching.revalidate.rawValue,
      case .bytes(let bytes) = body
    else { return self }
    var response = self
    let digest = SHA256.hexDigest(of: bytes).prefix(32)
    response.fields[.eTag] = EntityTag(String(digest)).description
    return response
  }
}

/// What a cache may do with a response (RFC 9111 §5.2.2).
enum Caching: String {
  /// Keep it, but ask before every use: the resource changes.
  case revalidate = "no-cache"
  /// Keep nothing: the answer is about this request, or about this moment.
  case never = "no-store"
}
