// Dispatch queues for work that computes for long, which must never run on Swift's cooperative pool.

@preconcurrency import Dispatch
import Synchronization

/// Threads for computation, reached from asynchronous code.
final class ComputeQueue: Sendable {
  private struct State {
    /// How many more computations may run now.
    var free: Int
    var waiting: [@Sendable () -> Void] = []
  }

  private let queue: DispatchQueue
  private let state: Mutex<State>

  private init(_ queue: DispatchQueue, width: Int) {
    self.queue = queue
    state = Mutex(State(free: width))
  }

  /// One computation at a time.
  static func serial(_ label: String) -> ComputeQueue {
    ComputeQueue(DispatchQueue(label: label), width: 1)
  }

  /// At most `width` computations at a time, begun in the order of the calls. Dispatch itself bounds nothing: it starts
  /// further threads for those that wait for the disk.
  static func concurrent(_ label: String, width: Int) -> ComputeQueue {
    ComputeQueue(DispatchQueue(label: label, attributes: .concurrent), width: max(1, width))
  }

  /// Has `body` run there, and does not wait for it.
  func start(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

  /// Runs `body` there and gives back what it returns.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      enqueue { continuation.resume(returning: body()) }
    }
  }

  private func enqueue(_ work: @escaping @Sendable () -> Void) {
    let isNext = state.withLock { state in
      guard state.free > 0 else {
        state.waiting.append(work)
        return false
      }
      state.free -= 1
      return true
    }
    if isNext { begin(work) }
  }

  private func begin(_ work: @escaping @Sendable () -> Void) {
    queue.async { [self] in
      work()
      let next = state.withLock { state -> (@Sendable () -> Void)? in
        guard !state.waiting.isEmpty else {
          state.free += 1
          return nil
        }
        return state.waiting.removeFirst()
      }
      if let next { begin(next) }
    }
  }
}
