// Names of header fields that swift-http-types does not have.

import HTTPTypes

extension HTTPField.Name {
  /// `Accept-Post`: the media types that POST takes here (Linked Data Platform 1.0 §7.1).
  static let acceptPost = HTTPField.Name("Accept-Post")!
  /// `Last-Event-ID`: the last event that a client of a stream has seen (WHATWG HTML §9.2.4).
  static let lastEventID = HTTPField.Name("Last-Event-ID")!
  /// `X-Accel-Buffering: no` keeps nginx from holding back what is streamed.
  static let xAccelBuffering = HTTPField.Name("X-Accel-Buffering")!
  /// `Link`: relations to other resources (RFC 8288).
  static let link = HTTPField.Name("Link")!
  /// `Idempotency-Replayed`: `true` on the answer to a repeated request.
  static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
}
