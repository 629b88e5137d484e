// Dispatch queues for work that computes for long, which must never run on Swift's cooperative pool.

@preconcurrency import Dispatch

/// Threads for computation, reached from asynchronous code.
struct ComputeQueue: Sendable {
  private let queue: DispatchQueue

  /// One computation at a time.
  static func serial(_ label: String) -> ComputeQueue {
    ComputeQueue(queue: DispatchQueue(label: label))
  }

  /// As many at a time as there are processors.
  static func concurrent(_ label: String) -> ComputeQueue {
    ComputeQueue(queue: DispatchQueue(label: label, attributes: .concurrent))
  }

  /// Has `body` run there, and does not wait for it.
  func start(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

  /// Runs `body` there and gives back what it returns.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body()) }
    }
  }
}
