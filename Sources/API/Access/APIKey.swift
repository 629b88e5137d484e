// The form of an API key: how one is made, and how one is told from any other text.

package import Digest

/// A key as its owner has it: `csk_<id 12>_<secret 32><check 6>`.
///
/// The identifier is Crockford's base 32 in lower case, the secret 190 random bits in base 62. The check is the CRC-32 of
/// everything before it in base 62: scanners of leaked secrets, and the service before any look-up, tell a key from
/// chance by it. The prefix says whose it is, and a double click selects the whole, since `_` parts no words.
package struct APIKey: Sendable {
  /// The public part, by which the key is found, named and logged.
  package let id: String
  /// The whole key.
  package let secret: Secret

  private static let prefix = "csk_"
  private static let idCount = 12
  private static let secretCount = 32
  private static let checkCount = 6
  private static let idDigits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// Characters of every key.
  package static let count = prefix.utf8.count + idCount + 1 + secretCount + checkCount

  /// A new key, from the system's random numbers (getrandom(2)).
  package init() {
    let id = (0..<Self.idCount).map { _ in Self.random(of: Self.idDigits) }
    let secret = (0..<Self.secretCount).map { _ in Self.random(of: Self.digits) }
    self.id = String(decoding: id, as: UTF8.self)
    let body = Self.prefix + self.id + "_" + String(decoding: secret, as: UTF8.self)
    self.secret = Secret(body + Self.check(of: body.utf8))
  }

  /// The key that this text is; nil if it has not the form of one, or not the check.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == Self.count, text.hasPrefix(Self.prefix) else { return nil }
    let id = bytes.dropFirst(Self.prefix.utf8.count).prefix(Self.idCount)
    let rest = bytes.dropFirst(Self.prefix.utf8.count + Self.idCount)
    guard Self.isID(id), rest.first == UInt8(ascii: "_"),
      rest.dropFirst().allSatisfy(Self.digits.contains),
      Array(bytes.suffix(Self.checkCount)) == Array(Self.check(of: bytes.dropLast(Self.checkCount)).utf8)
    else { return nil }
    self.id = String(decoding: id, as: UTF8.self)
    secret = Secret(text)
  }

  /// What is kept of a key: once is enough for so many random bits, slow digests are for passwords.
  package var digest: [UInt8] { Self.digest(of: secret.exposed) }

  static func digest(of text: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(text.utf8)
    return hash.finish()
  }

  /// Whether a text can be a key's identifier.
  static func isID(_ text: some Collection<UInt8>) -> Bool {
    text.count == idCount && text.allSatisfy(idDigits.contains)
  }

  private static func random(of digits: [UInt8]) -> UInt8 { digits[Int.random(in: digits.indices)] }

  private static func check(of bytes: some Sequence<UInt8>) -> String {
    var rest = Int(crc32(bytes))
    var text: [UInt8] = []
    for _ in 0..<checkCount {
      text.append(digits[rest % digits.count])
      rest /= digits.count
    }
    return String(decoding: text.reversed(), as: UTF8.self)
  }
}
