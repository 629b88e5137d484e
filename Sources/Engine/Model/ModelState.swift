// What a trained model consists of, apart from its specification.

/// The numbers that prediction needs; with the specification they are the whole trained model. The optimiser's moments
/// are not among them.
public struct ModelState: Sendable, Hashable {
  /// The flat parameter vector.
  public var parameters: [Float]
  /// Running statistics of normalisations and hypernetworks, in the order of the layers.
  public var statistics: [Float]
  /// The candidate that the rule `best` predicts with, by the activation's index.
  public var selected: [Int: Int]
  /// The stage of each activation whose parameters these are (``ModelSpecification/stages``); empty for the last ones.
  public var stages: [Int]

  /// A state by its parts, each as its property says.
  public init(
    parameters: [Float], statistics: [Float] = [], selected: [Int: Int] = [:], stages: [Int] = []
  ) {
    self.parameters = parameters
    self.statistics = statistics
    self.selected = selected
    self.stages = stages
  }
}

extension Model {
  /// Writes everything that prediction needs over a state of the same model; once the state has the model's size, this
  /// asks for no memory.
  ///
  /// - Complexity: O(parameters + statistics).
  public func copyState(into state: inout ModelState) { predictor.copyState(into: &state) }
}
