// The request line: method, target and version, with exactly one space between each.

package import HTTPTypes

/// `request-line = method SP request-target SP HTTP-version` (RFC 9112 §3).
package struct RequestLine: Sendable {
  /// The method, as it was sent: methods are case-sensitive.
  package let method: HTTPRequest.Method
  /// The target, taken apart and decoded.
  package let target: TargetForm
  /// False for HTTP/1.0; a higher minor version counts as 1.1 (RFC 9110 §2.5).
  package let isHTTP11: Bool

  /// No registered method comes near this length; a longer one is unknown by its length alone.
  private static let maximumMethod = 32

  init(_ line: ArraySlice<UInt8>, scheme: String) throws(ProtocolError) {
    let parts = line.split(separator: .space, maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else { throw .malformedRequestLine }
    guard Octet.isToken(parts[0]), let method = HTTPRequest.Method(String(decoding: parts[0], as: UTF8.self))
    else { throw .invalidMethod }
    // The version comes first: in another version the rest of the line could mean anything.
    isHTTP11 = try Self.isHTTP11(parts[2])
    guard parts[0].count <= Self.maximumMethod else { throw .methodTooLong(maximum: Self.maximumMethod) }
    // Only CONNECT has the authority form (RFC 9112 §3.2.3), and this server is not a proxy.
    guard method != .connect else { throw .connectNotImplemented }
    self.method = method
    target = try TargetForm(parts[1], scheme: scheme, isOptions: method == .options)
  }

  /// The error for a line that begins with `prefix` and does not end: which part is too long?
  static func overlong(_ prefix: ArraySlice<UInt8>) -> ProtocolError {
    prefix.prefix(maximumMethod + 1).contains(.space)
      ? .requestLineTooLong(maximum: prefix.count) : .methodTooLong(maximum: maximumMethod)
  }

  /// `HTTP-version = "HTTP/" DIGIT "." DIGIT` (RFC 9112 §2.3), case-sensitive.
  private static func isHTTP11(_ bytes: ArraySlice<UInt8>) throws(ProtocolError) -> Bool {
    let version = Array(bytes)
    guard version.count == 8, version.starts(with: Array("HTTP/".utf8)), Octet.isDigit(version[5]),
      version[6] == .dot, Octet.isDigit(version[7])
    else { throw .malformedVersion }
    guard version[5] == .zero + 1 else { throw .versionNotSupported }
    return version[7] != .zero
  }
}
