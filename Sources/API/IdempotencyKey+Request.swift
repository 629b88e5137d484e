// Reading the Idempotency-Key of a request.

import Digest
import HTTP
import HTTPTypes
import Jobs

extension Call {
  /// The key of the request, for which its content is read; nil if there is none, and then nothing is read.
  func idempotencyKey() async throws -> IdempotencyKey? {
    guard request.fields.contains(.idempotencyKey) else { return nil }
    if content.inHand != nil { return try IdempotencyKey(of: wholeRequest(), by: principal?.id) }
    return try await compute { try IdempotencyKey(of: $0, by: principal?.id) }
  }
}

extension IdempotencyKey {
  /// The key of the request's `Idempotency-Key`; nil if there is none. Each principal has keys of its own.
  ///
  /// The value is a quoted string (draft-ietf-httpapi-idempotency-key-header §2.1); the bare text that people type
  /// is taken too. The fingerprint covers everything that a repetition must have in common with the first request.
  /// - Throws: `.invalidField` unless the key is 1 to 255 visible ASCII characters.
  init?(of request: Request, by principal: String?) throws(APIError) {
    guard let field = request.fields.value(of: .idempotencyKey) else { return nil }
    let isQuoted = field.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"")
    let key = isQuoted ? String(field.dropFirst().dropLast()) : field
    let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
    guard isVisible, (1...255).contains(key.utf8.count) else {
      throw .invalidField(.idempotencyKey, expected: "1 to 255 visible ASCII characters, quoted or not")
    }
    let scope = "\(request.method.rawValue) \(request.head.path ?? "")"
    self.init(
      scope: principal.map { "\($0) \(scope)" } ?? scope, key: key,
      fingerprint: request.fingerprint(scope: scope))
  }
}

extension Request {
  /// A digest of what the request says: of a form its parts in the order of their names, since every library makes a new
  /// boundary for every try.
  fileprivate func fingerprint(scope: String) -> String {
    var hash = SHA256()
    hash.update("\(scope)\n".utf8)
    guard let type = fields.value(of: .contentType).flatMap(MediaType.init(parsing:)),
      type.essence == MediaTypes.formData, let parts = try? Multipart.parse(body, contentType: type)
    else {
      hash.update("\(fields.value(of: .contentType) ?? "")\n".utf8)
      hash.update(body)
      return hash.hexDigest()
    }
    hash.update("\(type.essence)\n".utf8)
    for part in parts.sorted(by: { $0.name < $1.name }) {
      // With their lengths, so that nothing can move from one part into another.
      let texts = [Array(part.name.utf8), Array((part.contentType?.essence ?? "").utf8), Array(part.content)]
      for bytes in texts {
        hash.update("\(bytes.count)\n".utf8)
        hash.update(bytes)
      }
    }
    return hash.hexDigest()
  }
}
