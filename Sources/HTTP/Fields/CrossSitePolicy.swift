// Which web pages may change things here: the defence against cross-site request forgery.

import HTTPTypes

/// Refuses unsafe requests that a page of another site makes with the user's browser.
///
/// Requests from programs, which send neither Origin nor Sec-Fetch-Site, pass. Safe methods pass, because they
/// change nothing, and without CORS fields the page cannot read the answer.
public struct CrossSitePolicy: Sendable {
  private let origins: Set<String>

  /// - Parameter origins: Origins beside our own that may call, such as `https://tools.example.org`.
  public init(origins: [String] = []) {
    self.origins = Set(origins.map { $0.lowercased() })
  }

  /// Whether `request` may go on; otherwise the answer is 403.
  ///
  /// An origin is our own if its host and port are those that the request is for. Its scheme does not count, since
  /// TLS may end at a proxy in front.
  public func allows(_ request: Request) -> Bool {
    guard ![.get, .head, .options].contains(request.method) else { return true }
    let origins = request.fields[values: .origin]
    guard !origins.contains(where: { self.origins.contains($0.lowercased()) }) else { return true }
    // "same-site" includes pages on other ports and subdomains; for those the Origin decides.
    if request.fields[values: .secFetchSite].contains(where: { $0.lowercased() == "cross-site" }) {
      return false
    }
    return origins.allSatisfy { isOwn($0, request: request) }
  }

  private func isOwn(_ origin: String, request: Request) -> Bool {
    guard let authority = request.authority else { return false }
    for (prefix, port) in [("http://", 80), ("https://", 443)] where origin.lowercased().hasPrefix(prefix) {
      guard let own = Authority(parsing: String(origin.dropFirst(prefix.count))) else { return false }
      return own.host == authority.host && (own.port ?? port) == (authority.port ?? port)
    }
    return false
  }
}

extension HTTPField.Name {
  /// `Sec-Fetch-Site` (W3C Fetch Metadata §2.3): where the browser says the request comes from.
  static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
