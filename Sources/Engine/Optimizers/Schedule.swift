// How the learning rate changes over a run.

import Glibc

/// A factor on the learning rate for every step of a run.
public struct Schedule: Sendable, Hashable {
  /// The shape after the warm-up, over the fraction t in [0, 1) of the steps that follow it.
  public enum Shape: Sendable, Hashable {
    /// 1.
    case constant
    /// `factor` to the power of the number of whole `every` steps since the warm-up.
    case step(every: Int, factor: Double)
    /// floor + (1 − floor)·(1 + cos πt)/2 (arXiv 1608.03983, one cycle).
    case cosine(floor: Double = 0)
    /// 1 + (floor − 1)·t.
    case linear(floor: Double = 0)
  }

  /// How the factor goes on after the warm-up.
  public var shape: Shape
  /// Steps over which the factor rises linearly to 1; the first of n steps gets 1/n.
  public var warmupSteps: Int

  /// A schedule by its parts; by default the factor is 1 throughout.
  public init(_ shape: Shape = .constant, warmupSteps: Int = 0) {
    self.shape = shape
    self.warmupSteps = warmupSteps
  }

  /// The factor for a step, counted from 0, of a run of `total` steps.
  public func factor(step: Int, of total: Int) -> Double {
    if step < warmupSteps { return Double(step + 1) / Double(warmupSteps) }
    let since = step - warmupSteps
    let fraction = min(1, Double(since) / Double(max(1, total - warmupSteps)))
    return switch shape {
    case .constant: 1
    case .step(let every, let factor): pow(factor, Double(since / every))
    case .cosine(let floor): floor + (1 - floor) * (1 + cos(.pi * fraction)) / 2
    case .linear(let floor): 1 + (floor - 1) * fraction
    }
  }
}
