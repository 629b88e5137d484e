// The one line that the log gets about every exchange.

import HTTP
import Telemetry

/// Writes what was asked, what was answered and how long that took; never fields, queries or bodies, which
/// may hold secrets.
struct AccessLog: Sendable {
  let logger: Logger

  /// Whether an exchange gets a line.
  func tells(of exchange: ServerConnection.Exchange) -> Bool {
    logger.logLevel <= Self.level(of: exchange)
  }

  private static func level(of exchange: ServerConnection.Exchange) -> Logger.Level {
    exchange.status >= 500 ? .warning : .info
  }

  /// - Parameters:
  ///   - peer: the client's address.
  ///   - tls: the version of the protocol that secured the exchange; nil for one in clear.
  func record(_ exchange: ServerConnection.Exchange, peer: String, nanoseconds: Int64, tls: String?) {
    guard tells(of: exchange) else { return }
    var metadata = Self.metadata(exchange, peer: peer, nanoseconds: nanoseconds)
    metadata["tls_version"] = tls.map { .string($0) }
    logger.log(level: Self.level(of: exchange), "request", metadata: metadata)
  }

  private static func metadata(
    _ exchange: ServerConnection.Exchange, peer: String, nanoseconds: Int64
  ) -> Logger.Metadata {
    // Numbers as numbers, so that tools can sum them.
    var metadata = Logger.Metadata(minimumCapacity: 13)
    metadata["status"] = .stringConvertible(exchange.status)
    metadata["bytes_in"] = .stringConvertible(exchange.receivedBody)
    metadata["bytes_out"] = .stringConvertible(exchange.sent)
    metadata["duration_us"] = .stringConvertible(nanoseconds / 1000)
    metadata["request_id"] = .string(exchange.requestID)
    metadata["peer"] = .string(peer)
    if let method = exchange.method { metadata["method"] = .string(method) }
    if let path = exchange.path {
      let end = path.utf8.firstIndex(of: UInt8(ascii: "?")) ?? path.endIndex
      metadata["path"] = .string(String(path[..<end]))
    }
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
