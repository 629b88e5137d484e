// Reading the Idempotency-Key of a request.

import Digest
import HTTP
import HTTPTypes
import Jobs
import Training

extension IdempotencyKey {
  /// The key of the request's `Idempotency-Key`; nil if there is none.
  ///
  /// The value is a quoted string (draft-ietf-httpapi-idempotency-key-header §2.1); the bare text that people type
  /// is taken too. The fingerprint covers everything that a repetition must have in common with the first request.
  /// - Throws: `.invalidField` unless the key is 1 to 255 visible ASCII characters.
  init?(of request: Request) throws(APIError) {
    guard let field = request.fields[.idempotencyKey] else { return nil }
    let isQuoted = field.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"")
    let key = isQuoted ? String(field.dropFirst().dropLast()) : field
    let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
    guard isVisible, (1...255).contains(key.utf8.count) else {
      throw .invalidField(.idempotencyKey, expected: "1 to 255 visible ASCII characters, quoted or not")
    }
    let scope = "\(request.method.rawValue) \(request.head.path ?? "")"
    let type = request.fields[.contentType] ?? ""
    self.init(
      scope: scope, key: key,
      fingerprint: SHA256.hexDigest(of: Array("\(scope)\n\(type)\n".utf8) + request.body))
  }
}
