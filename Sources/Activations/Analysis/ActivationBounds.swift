// Between which numbers the values of an activation lie.

import Text

/// The bounds of a function.
public struct ActivationBounds: Sendable, Hashable {
  /// The greatest lower bound, whether or not it is reached; nil if unbounded below.
  public var infimum: Double?
  /// The least upper bound, whether or not it is reached; nil if unbounded above.
  public var supremum: Double?

  /// Unbounded where nothing is said.
  public init(infimum: Double? = nil, supremum: Double? = nil) {
    (self.infimum, self.supremum) = (infimum, supremum)
  }

  /// Whether there are both.
  public var areFinite: Bool { infimum != nil && supremum != nil }

  private struct Key: Hashable {
    var expression: Expression
    var parameters: [String: Double]
  }

  /// A survey takes a few milliseconds, and the same document is checked several times.
  private static let known = Memo<Key, ActivationBounds>()

  /// Of a compiled function at the initial values of its parameters.
  init(of function: CompiledActivation) {
    let parameters = (function.parameters + function.constants).initialValues
    self = Self.known.value(for: Key(expression: function.expression, parameters: parameters)) {
      Survey(function.expression, parameters: parameters).bounds
    }
  }
}
