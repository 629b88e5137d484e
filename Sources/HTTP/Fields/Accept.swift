// Proactive content negotiation: which of our representations the client likes best.

public import HTTPTypes

/// The Accept field (RFC 9110 §12.5.1): media ranges with weights.
public struct Accept: Sendable {
  private struct Range: Sendable {
    var type: String
    var subtype: String
    var parameters: [String: String]
    var quality: Int

    /// How exactly the range names `media`; `nil` if it does not cover it.
    func specificity(for media: MediaType) -> Int? {
      guard type == "*" || type == media.type, subtype == "*" || subtype == media.subtype else { return nil }
      guard parameters.allSatisfy({ media.parameters[$0.key]?.lowercased() == $0.value.lowercased() }) else {
        return nil
      }
      return (type == "*" ? 0 : 1) + (subtype == "*" ? 0 : 1) + parameters.count
    }
  }

  private var ranges: [Range]

  /// Reads the field of a request. No field, or none that can be understood, accepts everything: RFC 9110 §12.5.1
  /// lets a server disregard it, and a picture of the error helps nobody.
  public init(_ fields: HTTPFields) {
    ranges = fields.list(.accept).compactMap(Self.range)
  }

  /// The weight of `media` in thousandths; 0 is "not acceptable". The most specific range decides.
  public func quality(of media: MediaType) -> Int {
    guard !ranges.isEmpty else { return 1000 }
    var best: (specificity: Int, quality: Int)?
    for range in ranges {
      guard let specificity = range.specificity(for: media) else { continue }
      if specificity > best?.specificity ?? -1 { best = (specificity, range.quality) }
    }
    return best?.quality ?? 0
  }

  /// The offer with the highest weight, the earliest among equals; `nil` means 406.
  public func preferred(of offers: [MediaType]) -> MediaType? {
    var best: (offer: MediaType, quality: Int)?
    for offer in offers {
      let quality = quality(of: offer)
      if quality > best?.quality ?? 0 { best = (offer, quality) }
    }
    return best?.offer
  }

  /// `media-range [ weight ]`; parameters after the weight, an old extension, are ignored.
  private static func range(_ element: String) -> Range? {
    var scanner = FieldScanner(element)
    guard let (type, subtype) = MediaType.essence(&scanner), let parameters = scanner.parameters(),
      scanner.isAtEnd,
      type != "*" || subtype == "*"
    else { return nil }
    let weight = parameters.firstIndex { $0.name == "q" } ?? parameters.endIndex
    let quality = weight < parameters.endIndex ? Quality.parse(parameters[weight].value) : 1000
    guard let quality else { return nil }
    let ranged = parameters[..<weight].map { ($0.name, $0.value) }
    return Range(
      type: type, subtype: subtype, parameters: Dictionary(uniqueKeysWithValues: ranged), quality: quality)
  }
}

/// Weights (RFC 9110 §12.4.2).
enum Quality {
  /// `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`, in thousandths.
  static func parse(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, first == .zero || first == .zero + 1, bytes.count <= 5 else { return nil }
    guard bytes.count == 1 || bytes[1] == .dot else { return nil }
    var value = Int(first - .zero)
    let digits = bytes.dropFirst(2)
    for place in 0..<3 {
      let digit = digits.dropFirst(place).first ?? .zero
      guard Octet.isDigit(digit) else { return nil }
      value = value * 10 + Int(digit - .zero)
    }
    return value <= 1000 ? value : nil
  }
}
