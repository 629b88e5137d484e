// Which web pages may change things here: the defence against cross-site request forgery.

import HTTPTypes

/// Refuses unsafe requests that a page of another site makes with the user's browser.
///
/// Requests from programs, which send neither Origin nor Sec-Fetch-Site, pass. Safe methods pass, because they
/// change nothing, and without CORS fields the page cannot read the answer.
public struct CrossSitePolicy: Sendable {
  private let origins: Set<Origin>

  /// - Parameter origins: Origins beside our own that may call, such as `https://tools.example.org`; what is no origin is
  ///   ignored.
  public init(origins: [String] = []) {
    self.origins = Set(origins.compactMap(Origin.init))
  }

  /// Whether `request` may go on; otherwise the answer is 403.
  ///
  /// A browser that says where the request comes from has to say that it is our own page or the user: any other value,
  /// unknown ones too, is refused, unless the origin is listed. An origin is our own if its host and port are those that
  /// the request is for. Its scheme does not count, since TLS may end at a proxy in front.
  public func allows(_ request: Request) -> Bool {
    guard ![.get, .head, .options].contains(request.method) else { return true }
    let values = request.fields[values: .origin]
    if values.count == 1, let origin = Origin(values[0]), origins.contains(origin) { return true }
    let sites = request.fields[values: .secFetchSite].map { $0.lowercased() }
    guard sites.allSatisfy({ $0 == "same-origin" || $0 == "none" }) else { return false }
    return values.allSatisfy { isOwn($0, request: request) }
  }

  private func isOwn(_ text: String, request: Request) -> Bool {
    guard let authority = request.authority, let origin = Origin(text) else { return false }
    let port = authority.port ?? (origin.scheme == "https" ? 443 : 80)
    return origin.authority.host == authority.host && origin.port == port
  }
}

extension HTTPField.Name {
  /// `Sec-Fetch-Site` (W3C Fetch Metadata §2.3): where the browser says the request comes from.
  static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
