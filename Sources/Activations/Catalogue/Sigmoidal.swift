// Saturating activations and the identity: sigmoid, tanh and their kin, with trained slope and shift.

extension Catalogue {
  static let sigmoidal: [Activation] = [
    Activation(
      "identity", aliases: ["linear"], "the input itself; a network of identities is a linear model",
      .x, smoothness: .smooth, source: "elementary"),
    Activation(
      "sigmoid", aliases: ["logistic"],
      "the logistic function, from 0 to 1; not centred, so gradients shrink",
      sigmoid(.x), smoothness: .smooth, source: "Verhulst 1845; Rumelhart et al. 1986, doi:10.1038/323533a0"),
    Activation(
      "tanh", "the hyperbolic tangent, from -1 to 1, centred",
      tanh(.x), smoothness: .smooth, source: "LeCun et al. 1998, doi:10.1007/3-540-49430-8_2"),
    Activation(
      "softsign", "like tanh with polynomial tails",
      .x / (1 + abs(.x)), smoothness: .c1, source: "Turian et al. 2009, doi:10.3115/1620853.1620921"),
    Activation(
      "hard_sigmoid", "the sigmoid as three line segments, clip(x/6 + 1/2, 0, 1)",
      max(min(1, .x / 6 + 0.5), 0), kinks: [-3, 3], smoothness: .continuous,
      source: "Courbariaux et al. 2015, arXiv:1511.00363"),
    Activation(
      "hard_tanh", "the identity clipped to [-1, 1]",
      max(min(1, .x), -1), kinks: [-1, 1], smoothness: .continuous, source: "Collobert 2004"),
    Activation(
      "parametric_sigmoid", aliases: ["adaptive_sigmoid"], "the sigmoid with trained slope a and shift b",
      sigmoid(a * .x + b), parameters: [Parameter("a", initial: 1), Parameter("b", initial: 0)],
      smoothness: .smooth, source: "Yamada and Yabuta 1992; Jagtap et al. 2020, arXiv:1906.01170"),
    // (1 - e^-u) / (1 + e^-u) with u = a x + b, written as tanh(u / 2): the quotient is NaN for u < -88 in Float32.
    Activation(
      "parametric_tanh", aliases: ["adaptive_tanh"],
      "(1 - e^-u) / (1 + e^-u) with trained u = a x + b; starts as tanh",
      tanh((a * .x + b) / 2), parameters: [Parameter("a", initial: 2), Parameter("b", initial: 0)],
      smoothness: .smooth, source: "Jagtap et al. 2020, arXiv:1906.01170"),
  ]

  private static let a = Expression.parameter("a")
  private static let b = Expression.parameter("b")
}
