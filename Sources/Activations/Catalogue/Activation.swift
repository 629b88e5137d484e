// One entry of the catalogue: an expression with its names, parameters and provenance.

/// How smooth a function is in x.
public enum Smoothness: String, Sendable, Hashable, CaseIterable {
  /// Its value is continuous, its derivative jumps.
  case continuous
  /// Once continuously differentiable.
  case c1
  /// Infinitely often differentiable.
  case smooth
}

/// An activation function with its metadata.
public struct Activation: Sendable, Hashable {
  /// The canonical name, unique in the catalogue together with the aliases.
  public var name: String
  public var aliases: [String]
  /// One sentence on what it is and when to choose it.
  public var summary: String
  public var expression: Expression
  public var parameters: [Parameter]
  /// Where it was published: authors, year, and arXiv id or DOI.
  public var source: String
  /// Where its derivative jumps at the initial parameters, ascending.
  public var kinks: [Double]
  public var smoothness: Smoothness

  public init(
    _ name: String, aliases: [String] = [], _ summary: String, _ expression: Expression,
    parameters: [Parameter] = [], kinks: [Double] = [], smoothness: Smoothness, source: String
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.expression = expression
    self.parameters = parameters
    self.source = source
    self.kinks = kinks
    self.smoothness = smoothness
  }

  /// The formula's text, which ``FormulaParser`` reads back.
  public var formula: String { expression.description }
}

extension Activation {
  /// E f, E f² and E f′² at the initial parameters, by quadrature.
  public var moments: Moments { Moments(of: expression, parameters: parameters.initialValues, kinks: kinks) }

  /// The same function with its parameters replaced by their initial values.
  var frozen: Activation {
    var frozen = self
    let values = parameters.initialValues
    frozen.expression = expression.substituting { leaf in
      if case .parameter(let name) = leaf, let value = values[name] { .constant(value) } else { leaf }
    }
    frozen.parameters = []
    return frozen
  }

  /// (f − E f) / sd f, with both taken at the initial parameters; a constant function is only shifted.
  var normalized: Activation {
    let moments = moments
    let deviation = moments.standardDeviation
    var normalized = self
    normalized.expression =
      (expression - .constant(moments.mean)) / .constant(deviation > 1e-6 ? deviation : 1)
    return normalized
  }
}
