// What secures the connections to come, which may change while the server runs.

import Synchronization
import TLS

/// Holds the server's TLS context for its acceptors; whoever renews certificates puts another one in its place.
final class ServerSecurity: Sendable {
  let metrics: TLSMetrics
  private let context: Mutex<TLSContext>

  init(_ context: TLSContext, metrics: TLSMetrics) {
    self.context = Mutex(context)
    self.metrics = metrics
  }

  /// The context for a new connection.
  var current: TLSContext { context.withLock { $0 } }

  func replace(by next: TLSContext) { context.withLock { $0 = next } }
}
