// One entry of the catalogue: an expression with its names, parameters and provenance.

/// How smooth a function is in x.
public enum Smoothness: String, Sendable, Hashable, CaseIterable {
  /// Its value jumps.
  case discontinuous
  /// Its value is continuous, its derivative jumps.
  case continuous
  /// At least once continuously differentiable.
  case c1
  /// Infinitely often differentiable.
  case smooth
}

/// An activation function with its metadata.
public struct Activation: Sendable, Hashable {
  /// The canonical name, unique in the catalogue together with the aliases.
  public var name: String
  /// Further names, unique as the canonical ones are.
  public var aliases: [String]
  /// One sentence on what it is and when to choose it.
  public var summary: String
  /// The function of prediction, over x and the parameters.
  public var expression: Expression
  /// What a training step computes instead, with noise; nil where training and prediction are the same.
  public var training: Expression?
  /// In the order in which they are shown.
  public var parameters: [Parameter]
  /// Where it was published: authors, year, and arXiv id or DOI.
  public var source: String
  /// Where its derivative jumps and its value does not, on [−10, 10] at the initial parameters, ascending.
  public var kinks: [Double]
  /// Where its value jumps, on [−10, 10] at the initial parameters, ascending.
  public var jumps: [Double]
  /// At the initial parameters.
  public var smoothness: Smoothness
  /// The spline that the expression spells out, if it is one.
  public var spline: Spline?
  /// Which parameter of which entry is the number that libraries let this function take, where it has none of its own.
  public var number: Number?

  /// A parameter of an entry of the catalogue.
  public struct Number: Sendable, Hashable {
    /// The entry's name.
    public var function: String
    /// The parameter's name.
    public var parameter: String

    /// The parameter of this name in the entry of that name.
    public static func parameter(_ parameter: String, of function: String) -> Number {
      Number(function: function, parameter: parameter)
    }
  }

  /// An activation of these facts; the names of the parameters are those of the expressions.
  public init(
    _ name: String, aliases: [String] = [], _ summary: String, _ expression: Expression,
    training: Expression? = nil, parameters: [Parameter] = [], kinks: [Double] = [], jumps: [Double] = [],
    smoothness: Smoothness, number: Number? = nil, source: String
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.expression = expression
    self.training = training
    self.parameters = parameters
    self.source = source
    self.kinks = kinks
    self.jumps = jumps
    self.smoothness = smoothness
    self.number = number
  }

  /// The formula's text, which ``FormulaParser`` reads back.
  public var formula: String { expression.description }
}

extension Activation {
  /// E f, E f² and E f′² at the initial parameters, by quadrature.
  public var moments: Moments {
    Moments.cached(of: expression, parameters: parameters.initialValues, kinks: kinks + jumps)
  }

  /// The function of prediction with its parameters replaced by their initial values.
  var frozen: Activation {
    var frozen = self
    let values = parameters.initialValues
    frozen.expression = expression.substituting { leaf in
      if case .parameter(let name) = leaf, let value = values[name] { .constant(value) } else { leaf }
    }
    frozen.parameters = []
    frozen.training = nil
    frozen.spline = nil
    return frozen
  }

  /// (f − E f) / sd f, with both taken at the initial parameters; a constant function is only shifted.
  var normalized: Activation {
    let moments = moments
    let deviation = moments.standardDeviation > 1e-6 ? moments.standardDeviation : 1
    var normalized = self
    normalized.expression = (expression - .constant(moments.mean)) / .constant(deviation)
    normalized.training = training.map { ($0 - .constant(moments.mean)) / .constant(deviation) }
    normalized.spline = nil
    return normalized
  }
}
