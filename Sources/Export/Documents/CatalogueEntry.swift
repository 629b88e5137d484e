// What the documentation says about one activation, as plain data, and how it follows from a catalogue entry.

public import Activations

/// The facts of one activation that its documentation shows.
public struct CatalogueEntry: Sendable, Equatable {
  /// The canonical name.
  public var name: String
  /// Other names by which it is found.
  public var aliases: [String]
  /// One sentence.
  public var summary: String
  /// In the language of formulas.
  public var formula: String
  /// What training computes instead, where that is random.
  public var trainingFormula: String?
  /// The derivative by x, as a formula.
  public var derivative: String
  /// The parameters, with their initial values and constraints.
  public var parameters: [Parameter]
  /// Of standard normal input.
  public var moments: Moments
  /// Short statements: "monotone", "kink at 0", "bounded below by −0.278".
  public var properties: [String]
  /// Where it was published.
  public var source: String
  /// The drawing of the curve.
  public var picture: FunctionPicture

  /// An entry of these facts.
  public init(
    name: String, aliases: [String], summary: String, formula: String, trainingFormula: String? = nil,
    derivative: String,
    parameters: [Parameter], moments: Moments, properties: [String], source: String, picture: FunctionPicture
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.formula = formula
    self.trainingFormula = trainingFormula
    self.derivative = derivative
    self.parameters = parameters
    self.moments = moments
    self.properties = properties
    self.source = source
    self.picture = picture
  }
}

extension CatalogueEntry {
  /// The facts that follow from the definition and its analysis, which takes some milliseconds.
  public init(_ activation: Activation) {
    self.init(
      name: activation.name, aliases: activation.aliases, summary: activation.summary,
      formula: activation.formula, trainingFormula: activation.training?.description,
      derivative: activation.expression.derivative(by: .x).description,
      parameters: activation.parameters, moments: activation.moments,
      properties: ActivationAnalysis(activation).properties, source: activation.source,
      picture: FunctionPicture(activation))
  }
}

extension FunctionPicture {
  /// An activation at its initial parameters on [−5, 5], with samples on both sides of every kink.
  public init(_ activation: Activation) {
    let values = activation.parameters.initialValues
    let derivative = activation.expression.derivative(by: .x)
    let breaks = (activation.kinks + activation.jumps).sorted().filter { $0.magnitude < 5 }
    // So near that no pixel lies between, so far that a formula's rounding does not move a kink across it.
    let distance = 1e-6
    let grid = (-200...200).map { Double($0) / 40 }
    let x = Set(grid + breaks.flatMap { [$0 - distance, $0, $0 + distance] }).sorted()
    self.init(
      name: activation.name, x: x, y: x.map { activation.expression.evaluate(x: $0, parameters: values) },
      derivative: x.map { derivative.evaluate(x: $0, parameters: values) }, breaks: breaks)
  }
}
