// Counts open connections, in all and of each client.

package import Net

/// Decides whether another connection may stay. Memory grows with the number of open connections only.
///
/// The machine itself has no share of its own: behind a reverse proxy all clients come from its address.
package struct ConnectionQuota {
  private let maximum: Int
  private let maximumPerClient: Int
  /// Connections that are counted in, of all clients.
  package private(set) var total = 0
  private var ofClient: [IPAddress: Int] = [:]

  /// No connection yet, and at most so many in all and of one client.
  package init(maximum: Int, maximumPerClient: Int) {
    self.maximum = maximum
    self.maximumPerClient = maximumPerClient
  }

  /// Whether no connection at all may be added.
  package var isFull: Bool { total >= maximum }

  /// Counts a connection of this peer in; false if it would be one too many.
  package mutating func admit(_ peer: IPAddress) -> Bool {
    guard !isFull, peer.isLoopback || ofClient[peer.client, default: 0] < maximumPerClient else {
      return false
    }
    total += 1
    ofClient[peer.client, default: 0] += 1
    return true
  }

  /// Counts an admitted connection out.
  package mutating func release(_ peer: IPAddress) {
    guard let count = ofClient[peer.client] else {
      preconditionFailure("released a connection never admitted")
    }
    total -= 1
    ofClient[peer.client] = count > 1 ? count - 1 : nil
  }
}
