// What a key may still ask for, as clients are told in RateLimit and RateLimit-Policy.

import HTTPTypes

/// Where a client stands with one of its quotas.
///
/// Source: draft-ietf-httpapi-ratelimit-headers-10.
struct QuotaStanding: Sendable, Equatable {
  /// The quota's name.
  var policy: String
  /// How much there is of it.
  var quota: Int
  /// In how many seconds; nil for what is counted at a time.
  var windowSeconds: Int?
  /// How much is left.
  var remaining: Int
  /// After how many seconds there is more; nil where nobody knows.
  var resetSeconds: Int?

  /// The two fields, for any response to the client.
  var fields: HTTPFields {
    let window = windowSeconds.map { ";w=\($0)" } ?? ""
    let reset = resetSeconds.map { ";t=\($0)" } ?? ""
    return [
      .rateLimitPolicy: "\"\(policy)\";q=\(quota)\(window)",
      .rateLimit: "\"\(policy)\";r=\(remaining)\(reset)",
    ]
  }
}

extension HTTPField.Name {
  /// `RateLimit`: what is left.
  static let rateLimit = HTTPField.Name("RateLimit")!
  /// `RateLimit-Policy`: what there is.
  static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
}
