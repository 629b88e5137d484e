// What becomes of a row that lacks the value of a feature.

/// What to do with rows that lack the value of a feature.
public enum MissingPolicy: String, CaseIterable, Sendable {
  /// A missing value is a fault.
  case error
  /// A feature's mean over the training rows takes its place; for a class column, each class's share.
  case mean
  /// The row is left out.
  case drop
}
