// What the connections of one event loop have in common.

import HTTP
import Net
import Telemetry

/// Used on the loop only; one per loop.
final class ConnectionContext {
  let loop: EventLoop
  let responder: any Responder
  let limits: ConnectionLimits
  let timeouts: ConnectionTimeouts
  let requestIDs: RequestIDs
  let accessLog: AccessLog
  let metrics: HTTPMetrics
  var date: DateText
  /// What secures the connections to come; nil for a listener in clear.
  let security: ServerSecurity?
  /// Seconds that a TLS handshake may take.
  let handshakeTimeout: Double
  let answers = RememberedAnswers()
  /// What a machine says goes in here; its memory is used for all of them.
  var actions: [ServerConnection.Action] = []
  /// Where every connection reads to: between two events nobody needs it.
  let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
  /// Where the plaintext of a record (RFC 8446 §5.1) is put together.
  let recordBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)

  init(
    loop: EventLoop, responder: any Responder, limits: ConnectionLimits, timeouts: ConnectionTimeouts,
    requestIDs: RequestIDs, accessLog: AccessLog, metrics: HTTPMetrics, date: DateText,
    security: ServerSecurity?, handshakeTimeout: Double
  ) {
    self.loop = loop
    self.responder = responder
    self.limits = limits
    self.timeouts = timeouts
    self.requestIDs = requestIDs
    self.accessLog = accessLog
    self.metrics = metrics
    self.date = date
    self.security = security
    self.handshakeTimeout = handshakeTimeout
  }

  deinit {
    readBuffer.deallocate()
    recordBuffer.deallocate()
  }
}
