// A stream of events whose end is counted, once, with its reason.

import HTTP
import Synchronization

/// Passes on what a producer gives and tells how it ended.
final class MeasuredStream: ContentProducer {
  /// Why a stream has ended.
  enum End: String, Sendable, CaseIterable {
    /// All was told.
    case complete
    /// The client is gone, or takes nothing any more.
    case client
    /// The key that opened it opens nothing any more.
    case key
    /// The service stops.
    case draining
    /// There was nothing to be had from the store.
    case failed
  }

  private let producer: any ContentProducer
  /// Why one ends that has nothing more to give.
  private let reason: @Sendable () -> End
  private let ended: @Sendable (End) -> Void
  private let isOver = Atomic(false)

  init(
    _ producer: any ContentProducer, reason: @escaping @Sendable () -> End,
    ended: @escaping @Sendable (End) -> Void
  ) {
    self.producer = producer
    self.reason = reason
    self.ended = ended
  }

  // A connection that closes lets go of what it has not finished.
  deinit { end(.client) }

  func next() async throws -> [UInt8]? {
    do {
      let piece = try await producer.next()
      if piece == nil { end(Task.isCancelled ? .client : reason()) }
      return piece
    } catch {
      end(Task.isCancelled ? .client : .failed)
      throw error
    }
  }

  private func end(_ end: End) {
    if !isOver.exchange(true, ordering: .relaxed) { ended(end) }
  }
}
