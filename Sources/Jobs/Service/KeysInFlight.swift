// The idempotency keys whose first request is still being worked on.

import Synchronization

/// Admits one request per key at a time.
final class KeysInFlight: Sendable {
  private struct Name: Hashable {
    var scope: String
    var key: String
  }

  private let names = Mutex<Set<Name>>([])

  /// False if the key is in use.
  func enter(_ key: IdempotencyKey) -> Bool {
    names.withLock { $0.insert(Name(scope: key.scope, key: key.key)).inserted }
  }

  func leave(_ key: IdempotencyKey) {
    names.withLock { _ = $0.remove(Name(scope: key.scope, key: key.key)) }
  }
}
