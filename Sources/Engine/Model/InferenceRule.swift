// By which rule a model with random activations predicts.

/// How the random activations of a model are resolved in prediction.
///
/// The trained objective is E[loss] over the draws. Only `average` has a guarantee against it: by Jensen's inequality
/// its loss on the same data is never larger.
public enum InferenceRule: Sendable, Hashable {
  /// Linked outputs (probabilities, or regression values) averaged over the draws: over all combinations, weighted by
  /// their probabilities, where there are at most 64, else over 16 seeded draws.
  case average
  /// One pass in which every random activation is Σ pₖ fₖ.
  case expected
  /// One pass in which every random activation is its candidate of this index, which each of them must have.
  case candidate(Int)
}
