// What becomes of a class that no training row had.

/// What to do with a row to predict whose class did not occur in training.
public enum UnknownPolicy: String, CaseIterable, Sendable {
  /// It is a fault.
  case error
  /// Each class's share of the training rows takes its place, as it does for a missing one.
  case ignore
}
