// The one line that the log gets about every exchange.

import HTTP
import Net
import Telemetry

/// Writes what was asked, what was answered and how long that took; never fields, queries or bodies, which
/// may hold secrets.
struct AccessLog: Sendable {
  let logger: Logger

  /// - Parameter tls: the version of the protocol that secured the exchange; nil for one in clear.
  func record(
    _ exchange: ServerConnection.Exchange, peer: SocketAddress, nanoseconds: Int64, tls: String?
  ) {
    let level: Logger.Level = exchange.status >= 500 ? .warning : .info
    guard logger.logLevel <= level else { return }
    var metadata = Self.metadata(exchange, peer: peer, nanoseconds: nanoseconds)
    if let tls { metadata["tls_version"] = "\(tls)" }
    logger.log(level: level, "request", metadata: metadata)
  }

  private static func metadata(
    _ exchange: ServerConnection.Exchange, peer: SocketAddress, nanoseconds: Int64
  ) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "status": "\(exchange.status)",
      "bytes_in": "\(exchange.receivedBody)",
      "bytes_out": "\(exchange.sent)",
      "duration_us": "\(nanoseconds / 1000)",
      "request_id": "\(exchange.requestID)",
      "peer": "\(peer)",
    ]
    if let method = exchange.method { metadata["method"] = "\(method)" }
    if let path = exchange.path { metadata["path"] = "\(path.prefix { $0 != "?" })" }
    if let caller = exchange.caller {
      metadata["principal"] = "\(caller.id)"
      metadata["key"] = "\(caller.name)"
    }
    if let error = exchange.error { metadata["error"] = "\(error.code)" }
    return metadata
  }
}
