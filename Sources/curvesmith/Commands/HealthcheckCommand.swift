// `curvesmith healthcheck`: asks a running service whether it is ready; a container's health check.

import ArgumentParser
import HTTP
import Net
import TLS

struct HealthcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "healthcheck",
    abstract: "Ask a running service whether it is ready; exits 0 if it is, 1 if not.")

  @Argument(
    help: ArgumentHelp(
      "The URL to ask. (default: /readyz of this machine, at CURVESMITH_PORT or 8080, by HTTPS if "
        + "CURVESMITH_TLS_CERTIFICATES names a certificate)"))
  var url: String?

  @Option(
    help: ArgumentHelp(
      "A certificate in PEM to trust, whatever its names, in place of the system's roots. (default: the first of "
        + "CURVESMITH_TLS_CERTIFICATES where no URL is given)", valueName: "file"))
  var certificate: String?

  func run() throws {
    let environment = environmentVariables()
    let served = environment["CURVESMITH_TLS_CERTIFICATES"]?.split(separator: ",").first.map(String.init)
    let port = environment["CURVESMITH_PORT"] ?? "8080"
    let url = url ?? "\(served == nil ? "http" : "https")://127.0.0.1:\(port)/readyz"
    let certificate = certificate ?? (self.url == nil ? served : nil)
    guard let target = ServiceURL(url) else {
      throw CommandFailure(
        message: "`\(url)` is not a URL of the form http://HOST[:PORT][/PATH] or https://…",
        status: CommandFailure.usage)
    }
    let trust: TLSTrust =
      try certificate.map { .certificates(try readFile($0, purpose: "the certificate")) } ?? .system
    let status: Int?
    do {
      status = try Self.status(of: target, trusting: trust)
    } catch {
      throw CommandFailure(message: "\(url) did not answer: \(error)")
    }
    guard status == 200 else {
      throw CommandFailure(
        message: "\(url) answered \(status.map(String.init) ?? "something that is not HTTP")")
    }
    print("ready")
  }

  /// The status of a GET, within three seconds; nil when the answer is not HTTP/1.1.
  private static func status(of url: ServiceURL, trusting trust: TLSTrust) throws -> Int? {
    let request = Array(
      "GET \(url.path) HTTP/1.1\r\nHost: \(url.authority)\r\nConnection: close\r\n\r\n".utf8)
    let octets: [UInt8]
    if url.isSecure {
      var name: String? = url.host
      if case .certificates = trust { name = nil }
      let secure = try SecureConnection(
        to: url.host, port: url.port, timeout: .seconds(3), trusting: trust, name: name)
      try secure.send(request)
      octets = try secure.receiveAll(limit: 65_536)
    } else {
      let connection = try BlockingConnection(to: url.host, port: url.port, timeout: .seconds(3))
      try connection.send(request)
      octets = try connection.receiveAll(limit: 65_536)
    }
    let words = String(decoding: octets, as: UTF8.self).prefix { $0 != "\r\n" }.split(separator: " ")
    return words.count >= 2 && words[0] == "HTTP/1.1" ? Int(words[1]) : nil
  }
}

/// The parts of `http://HOST[:PORT][/PATH]` or `https://…`; the host may be an IPv6 address in brackets.
package struct ServiceURL: Equatable {
  private let place: Authority
  /// The path with its query; `/` where there is none.
  package let path: String

  /// The host as a resolver takes it, without brackets.
  package var host: String {
    place.host.hasPrefix("[") ? String(place.host.dropFirst().dropLast()) : place.host
  }

  /// The port; 80 or 443 where there is none.
  package var port: UInt16 { UInt16(place.port ?? (isSecure ? 443 : 80)) }

  /// Whether it is asked by TLS.
  package let isSecure: Bool

  /// The `Host` field's value.
  package var authority: String { "\(place.host):\(port)" }

  /// Nil for what is no such URL.
  package init?(_ text: String) {
    isSecure = text.hasPrefix("https://")
    guard isSecure || text.hasPrefix("http://") else { return nil }
    let rest = text.dropFirst(isSecure ? "https://".count : "http://".count)
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    guard let place = Authority(parsing: String(rest[..<end])) else { return nil }
    self.place = place
    path = end == rest.endIndex ? "/" : String(rest[end...])
    guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
  }
}
