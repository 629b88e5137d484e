// Every answer that is said to hold is compared with the one that is given when the same is asked again.

import HTTP
import Synchronization

/// The answers of one service that a connection may give again without asking, by the octets of their requests.
final class HeldAnswers: Sendable {
  private let kept = Mutex<[[UInt8]: Response]>([:])

  /// How often an answer was found to hold.
  let count = Atomic<Int>(0)

  /// The answer to a request that was asked before, if it holds now.
  func answer(to request: [UInt8]) -> Response? {
    guard let known = kept.withLock({ $0[request] }), known.holds?() == true else { return nil }
    count.add(1, ordering: .relaxed)
    return known
  }

  func keep(_ response: Response, for request: [UInt8]) {
    kept.withLock { $0[request] = response.holds == nil ? nil : response }
  }
}
