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
    metadata["tls_version"] = tls.map { .string($0) }
    logger.log(level: level, "request", metadata: metadata)
  }

  private static func metadata(
    _ exchange: ServerConnection.Exchange, peer: SocketAddress, nanoseconds: Int64
  ) -> Logger.Metadata {
    // Numbers as numbers, so that tools can sum them.
    var metadata: Logger.Metadata = [
      "status": .stringConvertible(exchange.status),
      "bytes_in": .stringConvertible(exchange.receivedBody),
      "bytes_out": .stringConvertible(exchange.sent),
      "duration_us": .stringConvertible(nanoseconds / 1000),
      "request_id": .string(exchange.requestID),
      "peer": "\(peer)",
    ]
    if let method = exchange.method { metadata["method"] = .string(method) }
    if let path = exchange.path { metadata["path"] = "\(path.prefix { $0 != "?" })" }
    if let caller = exchange.caller {
      metadata["principal"] = .string(caller.id)
      metadata["key"] = .string(caller.name)
    }
    if let error = exchange.error { metadata["error"] = .string(error.code) }
    if let note = exchange.note {
      metadata["route"] = .string(note.route)
      metadata["trace_id"] = note.traceID.map { .string($0) }
    }
    return metadata
  }
}
