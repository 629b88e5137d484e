// Which content codings a client takes, and which of ours it gets.

public import HTTPTypes

/// A content coding that is written here (RFC 9110 §8.4.1).
public enum ContentCoding: String, Sendable, Hashable {
  /// None: the content as it is.
  case identity
  /// RFC 1952; in requests `x-gzip` is the same (§8.4.1.3).
  case gzip

  /// What a strong entity tag of content in this coding ends with: it names octets, and those differ (§8.8.3.3).
  public var tagSuffix: String { self == .identity ? "" : "-\(rawValue)" }
}

/// The Accept-Encoding field (RFC 9110 §12.5.3): codings with weights.
public struct AcceptEncoding: Sendable, Hashable {
  /// The weights of gzip and of no coding in thousandths, as far as the field says something about them.
  private var gzip: Int?
  private var identity: Int?
  private var others: Int?

  /// Reads the field of a request. An element that cannot be understood is looked past; of a coding named twice the
  /// first weight counts.
  public init(_ fields: HTTPFields) {
    for element in fields.list(.acceptEncoding) {
      guard let (coding, quality) = Self.weighted(element) else { continue }
      switch coding {
      case "gzip", "x-gzip": gzip = gzip ?? quality
      case "identity": identity = identity ?? quality
      case "*": others = others ?? quality
      default: break
      }
    }
  }

  /// Whether content may be sent as it is: unless `identity`, or with no word about it `*`, has weight 0.
  public var allowsIdentity: Bool { (identity ?? (others == 0 ? 0 : 1000)) > 0 }

  /// The coding to use; `nil` is 406.
  ///
  /// gzip only if the client names it, or `*`, and does not say that it likes identity better: nobody gets a coding
  /// unasked.
  public var preferred: ContentCoding? {
    let quality = gzip ?? others ?? 0
    if quality > 0, quality >= identity ?? 0 { return .gzip }
    return allowsIdentity ? .identity : nil
  }

  /// `codings [ weight ]`.
  private static func weighted(_ element: String) -> (coding: String, quality: Int)? {
    var scanner = FieldScanner(element)
    guard let coding = scanner.token()?.lowercased(), let parameters = scanner.parameters(), scanner.isAtEnd
    else { return nil }
    guard let weight = parameters.first(where: { $0.name == "q" }) else { return (coding, 1000) }
    return Quality.parse(weight.value).map { (coding, $0) }
  }
}

/// The Content-Encoding of a request (RFC 9110 §8.4).
public enum ReceivedCoding: Sendable, Hashable {
  /// One that is read here.
  case known(ContentCoding)
  /// Another one, or more than one.
  case unknown(String)

  /// Reads the field of a request; `identity` is what no field means.
  public init(_ fields: HTTPFields) {
    let codings = fields.list(.contentEncoding).map { $0.lowercased() }
    switch codings {
    case [], ["identity"]: self = .known(.identity)
    case ["gzip"], ["x-gzip"]: self = .known(.gzip)
    default: self = .unknown(codings.joined(separator: ", "))
    }
  }
}
