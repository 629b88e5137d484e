// What a key may be allowed to do: one scope for each kind of operation.

/// A permission that a key has or has not. Every operation but the open ones asks for one.
public enum Scope: String, Sendable, Hashable, CaseIterable {
  /// Look at jobs, results and the catalogue.
  case read
  /// Ask trained models, and check and analyse documents without storing anything.
  case predict
  /// Create jobs.
  case submit
  /// Stop jobs.
  case cancel
  /// Remove jobs.
  case delete
  /// Read the service's own figures.
  case metrics
  /// Reach what other keys have made where `--own-only` keeps them apart.
  case admin
}
