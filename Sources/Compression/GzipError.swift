// How much gzip may ask for, and why it is refused.

/// Bounds on the reading of gzip; each is enforced while it is inflated.
package struct GzipLimits: Sendable, Hashable {
  /// Octets of the content.
  package var maximumBytes = 16 << 20
  /// Octets of content for each octet of gzip, once there is more content than `slack`. DEFLATE's own bound is 1032.
  package var maximumRatio = 200
  /// Octets of content about which the ratio says nothing.
  package var slack = 1 << 20
  /// Members of a file (RFC 1952 §2.2).
  package var maximumMembers = 64
  /// Octets that may be read without any content: a member's header, whose texts have no bound of their own.
  package var maximumHeader = 64 * 1024

  /// The defaults above.
  package init() {}
}

/// Why octets are not taken as gzip.
package enum GzipError: Error, Sendable, Hashable {
  /// They end before the last member does.
  case truncated
  /// They are not what RFC 1951 and 1952 describe; `reason` is zlib's words for it.
  case malformed(reason: String)
  /// Something other than a member follows the last one.
  case trailingBytes
  case tooManyMembers(maximum: Int)
  case headerTooLong(maximum: Int)
  case contentTooLarge(maximum: Int)
  case ratioTooHigh(maximum: Int)
}
