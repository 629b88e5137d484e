// What a model makes of rows, as far as their reading depends on it.

/// How rows are used by the model that they are read for.
package struct RowUse: Sendable {
  /// The tokens that rows are of; nil: numbers.
  package var tokens: TokenSet?
  /// How many steps the model makes of a row of so many; nil where that is not known.
  package var outputSteps: (@Sendable (Int) -> Int)?
  /// Whether the model answers rows of a shape, channels last, step by step.
  package var answersSteps: @Sendable ([Int]) -> Bool

  /// - Parameters:
  ///   - tokens: those that the model knows, where it reads rows of some.
  ///   - outputSteps: nil where a faulty model does not tell.
  ///   - answersSteps: decides what targets of rows of one step are, `[[0.5], …]`, which may be of the row or of its step.
  package init(
    tokens: TokenSet? = nil, outputSteps: (@Sendable (Int) -> Int)? = nil,
    answersSteps: @escaping @Sendable ([Int]) -> Bool = { _ in false }
  ) {
    (self.tokens, self.outputSteps, self.answersSteps) = (tokens, outputSteps, answersSteps)
  }
}
