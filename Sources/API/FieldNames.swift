// Names of header fields that swift-http-types does not have.

import HTTPTypes

extension HTTPField.Name {
  /// `Accept-Post`: the media types that POST takes here (Linked Data Platform 1.0 §7.1).
  static let acceptPost = HTTPField.Name("Accept-Post")!
  /// `Link`: relations to other resources (RFC 8288).
  static let link = HTTPField.Name("Link")!
  /// `Idempotency-Replayed`: `true` on the answer to a repeated request.
  static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
}
