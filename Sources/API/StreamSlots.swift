// The count of streams that are open, so that they can never exhaust the service.

import Synchronization

/// Admits at most so many streams at a time.
final class StreamSlots: Sendable {
  /// One open stream; it ends with its last owner.
  final class Slot: Sendable {
    private let slots: StreamSlots
    private let owner: String?

    fileprivate init(_ slots: StreamSlots, _ owner: String?) {
      self.slots = slots
      self.owner = owner
    }

    deinit { slots.counts.withLock { $0.remove(owner) } }
  }

  private struct Counts {
    var all = 0
    var ofOwner: [String: Int] = [:]

    mutating func remove(_ owner: String?) {
      all -= 1
      guard let owner, let count = ofOwner[owner] else { return }
      ofOwner[owner] = count > 1 ? count - 1 : nil
    }
  }

  private let maximum: Int
  private let counts = Mutex(Counts())

  init(maximum: Int) { self.maximum = maximum }

  /// How many are open now.
  var open: Int { counts.withLock { $0.all } }

  /// - Parameters:
  ///   - owner: whose key the stream is of; nil where none was needed.
  ///   - ownMaximum: how many the owner may have open.
  /// - Throws: `.tooManyStreams` if there is no room, `.quotaExceeded` if the owner has none left.
  func take(for owner: String?, atMost ownMaximum: Int) throws(APIError) -> Slot {
    let refusal = counts.withLock { counts -> APIError? in
      guard counts.all < maximum else { return .tooManyStreams(maximum: maximum) }
      if let owner {
        guard counts.ofOwner[owner, default: 0] < ownMaximum else {
          let standing = QuotaStanding(policy: "event_streams", quota: ownMaximum, remaining: 0)
          return .quotaExceeded(policy: standing.policy, standing: standing, retrySeconds: 5)
        }
        counts.ofOwner[owner, default: 0] += 1
      }
      counts.all += 1
      return nil
    }
    if let refusal { throw refusal }
    return Slot(self, owner)
  }
}
