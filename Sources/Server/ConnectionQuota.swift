// Counts open connections, in all and of each client.

package import Net
import Synchronization

/// Decides whether another connection may stay, for all loops together. Memory grows with the number of open connections
/// only.
///
/// The machine itself has no share of its own: behind a reverse proxy all clients come from its address.
package final class ConnectionQuota: Sendable {
  private struct State {
    var total = 0
    var ofClient: [IPAddress: Int] = [:]
  }

  private let maximum: Int
  private let maximumPerClient: Int
  private let state = Mutex(State())

  /// No connection yet, and at most so many in all and of one client.
  package init(maximum: Int, maximumPerClient: Int) {
    self.maximum = maximum
    self.maximumPerClient = maximumPerClient
  }

  /// Connections that are counted in, of all clients.
  package var total: Int { state.withLock { $0.total } }

  /// Whether no connection at all may be added.
  package var isFull: Bool { total >= maximum }

  /// Counts a connection of this peer in; false if it would be one too many.
  package func admit(_ peer: IPAddress) -> Bool {
    state.withLock { state in
      guard state.total < maximum,
        peer.isLoopback || state.ofClient[peer.client, default: 0] < maximumPerClient
      else { return false }
      state.total += 1
      state.ofClient[peer.client, default: 0] += 1
      return true
    }
  }

  /// Counts an admitted connection out.
  package func release(_ peer: IPAddress) {
    state.withLock { state in
      guard let count = state.ofClient[peer.client] else {
        preconditionFailure("released a connection never admitted")
      }
      state.total -= 1
      state.ofClient[peer.client] = count > 1 ? count - 1 : nil
    }
  }
}
