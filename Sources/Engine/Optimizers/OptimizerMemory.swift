// What an optimiser has kept of its steps, on its way to a checkpoint and back.

/// What an optimiser has kept of its steps; which vectors these are is its own affair.
public struct OptimizerMemory: Sendable, Hashable {
  /// Updates so far, where the rule depends on it.
  public var updates: Double
  /// Vectors in single precision, as long as the parameters.
  public var single: [[Float]]
  /// Vectors in double precision, as long as the parameters.
  public var double: [[Double]]

  /// A memory by its parts; by default one of nothing.
  public init(updates: Double = 0, single: [[Float]] = [], double: [[Double]] = []) {
    self.updates = updates
    self.single = single
    self.double = double
  }
}
