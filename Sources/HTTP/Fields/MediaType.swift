// Media types as Content-Type names them.

/// `type "/" subtype parameters` (RFC 9110 §8.3.1).
public struct MediaType: Sendable, Hashable {
  /// In lower case.
  public var type: String
  /// In lower case.
  public var subtype: String
  /// Names in lower case; values as sent, without quotes.
  public var parameters: [String: String]

  /// `type/subtype`, both in lower case, with parameters by lower-case name.
  public init(_ type: String, _ subtype: String, parameters: [String: String] = [:]) {
    self.type = type
    self.subtype = subtype
    self.parameters = parameters
  }

  /// Parses a whole field value; `nil` if it is malformed or repeats a parameter.
  public init?(parsing text: String) {
    var scanner = FieldScanner(text)
    scanner.skipBlanks()
    guard let (type, subtype) = Self.essence(&scanner), let parameters = scanner.parameters(), scanner.isAtEnd
    else { return nil }
    self.init(
      type, subtype, parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) }))
  }

  /// `type/subtype`, without parameters.
  public var essence: String { "\(type)/\(subtype)" }

  static func essence(_ scanner: inout FieldScanner) -> (type: String, subtype: String)? {
    guard let type = scanner.token(), scanner.take(.slash), let subtype = scanner.token() else { return nil }
    return (type.lowercased(), subtype.lowercased())
  }
}
