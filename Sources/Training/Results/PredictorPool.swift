// Predictors that are kept between requests, so that a row costs its own arithmetic alone.

import Engine
import Synchronization

/// The predictors of one trained model that wait for their next rows. Safe from any thread.
final class PredictorPool: Sendable {
  /// A predictor that no thread uses: it is in the pool, or on its way in or out.
  ///
  /// Unchecked because a predictor has no lock; the pool gives each to one caller of `withPredictor` at a time, under the
  /// mutex of `idle`.
  private struct Idle: @unchecked Sendable {
    let predictor: Predictor
  }

  /// More than these are not kept when they come back.
  static let maximumIdle = 2

  private let idle = Mutex<[Idle]>([])

  /// Runs `body` with a predictor that is its own until it returns: a waiting one, or what `make` gives.
  func withPredictor<Value>(make: () -> Predictor, _ body: (Predictor) -> Value) -> Value {
    let waiting = idle.withLock { $0.popLast() }
    let predictor = waiting?.predictor ?? make()
    defer {
      idle.withLock { idle in
        if idle.count < Self.maximumIdle { idle.append(Idle(predictor: predictor)) }
      }
    }
    return body(predictor)
  }
}
