// Everything that can be said about an activation without training it, computed and never declared.

/// The facts about an activation at its initial parameter values, found from its expression by numerical means.
///
/// Looked at on 4001 points of [−10, 10], at ±{20, 50, 100, 1e3, 1e4} and, for the tails, up to ±1e8, with kinks and
/// extrema refined between the points. Takes a few milliseconds.
public struct ActivationAnalysis: Sendable, Hashable {
  /// A derivative as a simplified formula.
  public struct Derivative: Sendable, Hashable {
    /// By what it is taken.
    public var variable: Variable
    /// The simplified text.
    public var formula: String
  }

  /// Whether f(−x) is f(x) or −f(x).
  public enum Symmetry: String, Sendable, Hashable, CaseIterable {
    case even, odd, none
  }

  /// The simplified text.
  public var formula: String
  /// The canonical form, equal for formulas that differ in the order of operands (``Expression/canonical``).
  public var canonicalFormula: String
  /// By x, then by each parameter in order.
  public var derivatives: [Derivative]
  /// Equal for formulas of one function.
  public var fingerprint: Fingerprint
  /// Where value and derivative are finite.
  public var finiteness: Finiteness
  /// Where the derivative jumps on [−10, 10], ascending.
  public var kinks: [Double]
  /// Where the value jumps on [−10, 10], ascending.
  public var jumps: [Double]
  /// How smooth it is on [−10, 10].
  public var smoothness: Smoothness
  /// Whether it rises or falls throughout [−10, 10].
  public var monotonicity: Monotonicity
  /// Local minima and maxima on [−10, 10], ascending by x; empty if the function is monotone.
  public var extrema: [Extremum]
  /// Towards −∞.
  public var leftTail: Tail
  /// Towards +∞.
  public var rightTail: Tail
  /// The greatest lower bound, whether or not it is reached; nil if unbounded below.
  public var infimum: Double?
  /// The least upper bound, whether or not it is reached; nil if unbounded above.
  public var supremum: Double?
  /// Whether it is even or odd.
  public var symmetry: Symmetry
  /// max |f′| on [−10, 10]; nil if there is none, because the value jumps, the derivative grows
  /// without bound, or they are not finite there.
  public var lipschitzConstant: Double?
  /// f(0).
  public var valueAtZero: Double
  /// f′(0).
  public var derivativeAtZero: Double
  /// E f, E f² and E f′² under a standard normal input.
  public var moments: Moments
  /// What each trainable parameter can do, in order.
  public var parameters: [ParameterAnalysis]
  /// What it costs per element.
  public var cost: ActivationCost

  /// The analysis of an entry of the catalogue, or an activation like it.
  public init(_ activation: Activation) { self.init(AnalysisSubject(activation)) }

  /// The analysis of a subject; that it could not be trained is no hindrance.
  public init(_ subject: AnalysisSubject) {
    self.init(
      subject.expression, parameters: subject.parameters, training: subject.training, spline: subject.spline)
  }

  /// The analysis of an expression whose parameters are all among `parameters`.
  ///
  /// - Parameters:
  ///   - training: what a training step computes instead, with noise: it decides what the parameters can do.
  ///   - spline: the spline that the expression spells out, if a kernel computes it: it decides what that costs.
  public init(
    _ expression: Expression, parameters: [Parameter] = [], training: Expression? = nil, spline: Spline? = nil
  ) {
    let values = parameters.initialValues
    let survey = Survey(expression, parameters: values)
    let (curve, breaks, samples) = (survey.curve, survey.breaks, survey.samples)

    formula = expression.description
    canonicalFormula = expression.canonical.description
    derivatives = ([Variable.x] + parameters.map { .parameter($0.name) }).map {
      Derivative(variable: $0, formula: expression.derivative(by: $0).description)
    }
    fingerprint = Fingerprint(of: expression, parameters: values)
    finiteness = Finiteness(of: curve, samples, beyond: survey.beyond, poles: breaks.poles)
    (kinks, jumps, smoothness) = (breaks.kinks, breaks.jumps, breaks.smoothness)
    (monotonicity, extrema) = (survey.course.monotonicity, survey.course.extrema)
    (leftTail, rightTail) = (survey.leftTail, survey.rightTail)
    (infimum, supremum) = (survey.bounds.infimum, survey.bounds.supremum)
    symmetry = Self.symmetry(of: curve, between: survey.between)
    let isLipschitz = jumps.isEmpty && breaks.poles.isEmpty && !breaks.isSteep
    lipschitzConstant = isLipschitz ? Self.steepest(curve, samples, kinks: kinks) : nil
    let atZero = curve.sample([0])
    (valueAtZero, derivativeAtZero) = (atZero.values[0], atZero.slopes[0])
    moments = Moments(of: expression, parameters: values, kinks: kinks + jumps)
    // What noise alone scales moves in training, and not in the function of prediction.
    self.parameters = ParameterAnalysis.all(of: (training ?? expression).withTypicalNoise, parameters)
    cost = ActivationCost(of: CompiledActivation(expression, parameters: parameters, spline: spline))
  }

  private static func symmetry(of curve: Curve, between: [Double]) -> Symmetry {
    let points = Probes.irregular + between
    let values = curve.sample(points).values
    let mirrored = curve.sample(points.map { -$0 }).values
    func agree(_ sign: Double) -> Bool {
      zip(values, mirrored).allSatisfy { abs($0 - sign * $1) <= 1e-12 * max(1e-3, abs($0)) }
    }
    return agree(1) ? .even : agree(-1) ? .odd : .none
  }

  /// max |f′|: the greatest of the samples, refined between them and looked for beside the kinks.
  private static func steepest(_ curve: Curve, _ samples: Curve.Samples, kinks: [Double]) -> Double? {
    let sizes = samples.slopes.map(abs)
    guard sizes.allSatisfy(\.isFinite) else { return nil }
    var greatest = curve.sample(kinks.flatMap { [$0 - 1e-9, $0 + 1e-9] }).slopes.map(abs).max() ?? 0
    greatest = max(greatest, sizes.max() ?? 0)
    let peaks = sizes.indices.dropFirst().dropLast().filter {
      sizes[$0] >= sizes[$0 - 1] && sizes[$0] >= sizes[$0 + 1] && sizes[$0] > 0.99 * greatest
        && sizes[$0 - 1] != sizes[$0 + 1]
    }
    for peak in peaks.sorted(by: { sizes[$0] > sizes[$1] }).prefix(4) {
      let place = Roots.minimum(samples.points[peak - 1], samples.points[peak + 1]) {
        -abs(curve.slope(at: $0))
      }
      greatest = max(greatest, -place.value)
    }
    return greatest.cleaned(within: 1e-9)
  }
}
