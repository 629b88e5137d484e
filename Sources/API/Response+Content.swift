// Making responses of documents and texts, each with its media type and its rule for caches.

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

/// What a cache may do with a response (RFC 9111 §5.2.2).
enum Caching: String {
  /// Keep it, but ask before every use: the resource changes.
  case revalidate = "no-cache"
  /// Keep nothing: the answer is about this request, or about this moment.
  case never = "no-store"
}
