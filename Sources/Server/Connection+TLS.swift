// The part of a connection that only one with TLS has: the handshake and its time, and what is said at the end.

import HTTP
import Net
import TLS
import Telemetry

extension Connection {
  /// The machine hears of the connection when the handshake is complete, and until then of nothing.
  func awaitHandshake() {
    handshakeTimer = context.loop.schedule(after: .seconds(context.handshakeTimeout)) { [self] in
      handshakeTimer = nil
      log("the handshake took too long")
      endHandshake(.late)
      close()
    }
  }

  /// The handshake is over, well or not; only the first call counts.
  func endHandshake(_ outcome: HandshakeOutcome = .abandoned) {
    if let timer = handshakeTimer.take() { context.loop.cancel(timer) }
    guard let shookHands = shookHands.take() else { return }
    context.security?.metrics.observe(outcome)
    shookHands()
  }

  /// Takes octets from the socket through the session.
  func decipher(_ octets: UnsafeRawBufferPointer, by channel: SecureChannel) {
    switch channel.received(octets) {
    case .nothing: break
    case .plaintext(let bytes, let opens, let ends):
      if opens {
        endHandshake(channel.completion)
        handle(.opened)
      }
      if !bytes.isEmpty { bytes.withUnsafeBytes { take($0) } }
      if ends, !inputHasEnded {
        inputHasEnded = true
        handle(.endOfInput)
      }
    case .request:
      // Whoever typed http:// in place of https:// can read this, and nothing that he asked was looked at.
      self.channel = nil
      endHandshake(.inClear)
      handle(.receivedInClear)
    case .failure(let failure):
      log(failure.description)
      endHandshake(.failed(reason: failure.code))
      _ = flushed()
      close()
    }
    // Also what the session itself has to say.
    handle(flushed())
  }

  /// Says that what was sent is all, as far as the socket takes it at once.
  func sayFarewell() {
    channel?.shutdown()
    _ = flushed()
  }

  /// Scanners and impatient clients are no errors of ours.
  private func log(_ reason: String) {
    context.accessLog.logger.debug("no TLS session", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
  }
}
