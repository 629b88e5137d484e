// What the client would like, if it can be had.

public import HTTPTypes

/// The Prefer field (RFC 7240): preferences, of which unknown ones are ignored.
public struct Prefer: Sendable {
  private var preferences: [String: String] = [:]

  /// Reads all Prefer lines of a request. Of a preference given twice the first counts (RFC 7240 §2).
  public init(_ fields: HTTPFields) {
    for element in fields.list(.prefer) {
      var scanner = FieldScanner(element)
      guard let name = scanner.token()?.lowercased() else { continue }
      scanner.skipBlanks()
      var value = ""
      if scanner.take(.equals) {
        scanner.skipBlanks()
        guard let word = scanner.word() else { continue }
        value = word
      }
      guard scanner.parameters() != nil, scanner.isAtEnd, preferences[name] == nil else { continue }
      preferences[name] = value
    }
  }

  /// `wait=N`: how many seconds from the request's receipt the client is ready to wait (RFC 7240 §4.3).
  public var wait: Int? {
    preferences["wait"].flatMap { text in text.utf8.allSatisfy(Octet.isDigit) ? Int(text) : nil }
  }
}

extension HTTPField.Name {
  /// `Prefer` (RFC 7240 §2).
  static let prefer = HTTPField.Name("Prefer")!
  /// `Preference-Applied` (RFC 7240 §3): which preferences were honoured.
  public static let preferenceApplied = HTTPField.Name("Preference-Applied")!
}
