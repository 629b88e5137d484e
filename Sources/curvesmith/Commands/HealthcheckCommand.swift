// `curvesmith healthcheck`: asks a running service whether it is ready; a container's health check.

import ArgumentParser
import HTTP
import Net

struct HealthcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "healthcheck",
    abstract: "Ask a running service whether it is ready; exits 0 if it is, 1 if not.")

  @Argument(
    help: "The URL to ask. (default: http://127.0.0.1:PORT/readyz with PORT from CURVESMITH_PORT or 8080)")
  var url: String?

  func run() throws {
    let url = url ?? "http://127.0.0.1:\(environmentVariables()["CURVESMITH_PORT"] ?? "8080")/readyz"
    guard let target = PlainURL(url) else {
      throw CommandFailure(
        message: "`\(url)` is not a URL of the form http://HOST[:PORT][/PATH]", status: CommandFailure.usage)
    }
    let status: Int?
    do {
      status = try Self.status(of: target)
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
  private static func status(of url: PlainURL) throws -> Int? {
    guard let address = try SocketAddress.resolve(host: url.host, port: url.port).first else { return nil }
    let connection = try BlockingConnection(to: address, timeout: .seconds(3))
    let request = "GET \(url.path) HTTP/1.1\r\nHost: \(url.authority)\r\nConnection: close\r\n\r\n"
    try connection.send(Array(request.utf8))
    let answer = String(decoding: try connection.receiveAll(limit: 65_536), as: UTF8.self)
    let words = answer.prefix { $0 != "\r\n" }.split(separator: " ")
    return words.count >= 2 && words[0] == "HTTP/1.1" ? Int(words[1]) : nil
  }
}

/// The parts of `http://HOST[:PORT][/PATH]`; the host may be an IPv6 address in brackets.
package struct PlainURL: Equatable {
  private let place: Authority
  /// The path with its query; `/` where there is none.
  package let path: String

  /// The host as a resolver takes it, without brackets.
  package var host: String {
    place.host.hasPrefix("[") ? String(place.host.dropFirst().dropLast()) : place.host
  }

  /// The port; 80 where there is none.
  package var port: UInt16 { UInt16(place.port ?? 80) }

  /// The `Host` field's value.
  package var authority: String { "\(place.host):\(port)" }

  /// Nil for what is no such URL.
  package init?(_ text: String) {
    guard text.hasPrefix("http://") else { return nil }
    let rest = text.dropFirst("http://".count)
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    guard let place = Authority(parsing: String(rest[..<end])) else { return nil }
    self.place = place
    path = end == rest.endIndex ? "/" : String(rest[end...])
    guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
  }
}
