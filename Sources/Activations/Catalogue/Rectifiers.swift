// Rectifiers without parameters: linear for positive input, small, saturating or zero for negative input.

extension Catalogue {
  // The branches are written with max(x, 0) and min(x, 0), so that an exponential never sees a positive input.
  static let rectifiers: [Activation] = [
    Activation(
      "relu", aliases: ["rectifier"], "max(x, 0), with derivative 0 at 0",
      max(.x, 0), kinks: [0], smoothness: .continuous,
      number: .parameter("a", of: "prelu"), source: "Nair and Hinton 2010; Glorot et al. 2011"),
    Activation(
      "relu6", "relu clipped at 6",
      max(min(6, .x), 0), kinks: [0, 6], smoothness: .continuous, source: "Krizhevsky 2010; PyTorch"),
    Activation(
      "relu1", aliases: ["brelu", "bounded_relu"], "relu clipped at 1",
      max(min(1, .x), 0), kinks: [0, 1], smoothness: .continuous,
      source: "Liew et al. 2016, doi:10.1016/j.neucom.2016.08.037"),
    Activation(
      "leaky_relu", aliases: ["lrelu"], "relu with slope 0.01 for negative input (PyTorch, JAX)",
      max(.x, 0) + 0.01 * min(.x, 0), kinks: [0], smoothness: .continuous,
      number: .parameter("a", of: "prelu"), source: "Maas et al. 2013"),
    Activation(
      "leaky_relu_02", "leaky relu with slope 0.2, as Keras's function has it",
      max(.x, 0) + 0.2 * min(.x, 0), kinks: [0], smoothness: .continuous, source: "Keras 3"),
    Activation(
      "leaky_relu_03", "leaky relu with slope 0.3, as Keras's layer has it",
      max(.x, 0) + 0.3 * min(.x, 0), kinks: [0], smoothness: .continuous, source: "Keras 3"),
    Activation(
      "very_leaky_relu", "leaky relu with slope 1/3",
      max(.x, 0) + min(.x, 0) / 3, kinks: [0], smoothness: .continuous,
      number: .parameter("a", of: "prelu"), source: "Graham 2014, arXiv:1409.6070"),
    Activation(
      "shifted_relu", "max(x, -1): a relu that reaches below 0",
      max(.x, -1), kinks: [-1], smoothness: .continuous, source: "Clevert et al. 2016, arXiv:1511.07289"),
    Activation(
      "displaced_relu", aliases: ["drelu"], "max(x, -0.05): a relu moved along the identity",
      max(.x, -0.05), kinks: [-0.05], smoothness: .continuous,
      source: "Macedo et al. 2019, doi:10.1016/j.eswa.2019.01.066"),
    Activation(
      "threshold", aliases: ["thresholded_relu"], "x above 1, else 0 (Keras's default threshold)",
      .x * .select(.greater, .x, 1, then: 1, otherwise: 0), jumps: [1], smoothness: .discontinuous,
      source: "Konda et al. 2015, arXiv:1402.3337"),
    Activation(
      "squared_relu", aliases: ["relu_squared", "relu2"], "relu squared; its slope is not bounded",
      max(.x, 0).power(2), smoothness: .c1, source: "So et al. 2021, arXiv:2109.08668"),
    Activation(
      "star_relu", "relu squared, brought to mean 0 and variance 1 for standard normal input",
      0.8944271909999159 * max(.x, 0).power(2) - 0.4472135954999579, smoothness: .c1,
      source: "Yu et al. 2022, arXiv:2210.13452"),
    Activation(
      "natural_log_relu", aliases: ["nlrelu"], "ln(1 + relu(x)): grows ever more slowly",
      log1p(max(.x, 0)), kinks: [0], smoothness: .continuous,
      number: .parameter("beta", of: "parametric_natural_log_relu"),
      source: "Liu et al. 2019, arXiv:1908.03682"),
    Activation(
      "elu", aliases: ["exp_rectifier"], "exponential linear unit: x, or e^x - 1 for negative input",
      max(.x, 0) + expm1(min(.x, 0)), smoothness: .c1, number: .parameter("alpha", of: "scaled_elu"),
      source: "Clevert et al. 2016, arXiv:1511.07289"),
    Activation(
      "selu", "scaled elu whose fixed point is mean 0 and variance 1",
      1.0507009873554805 * (max(.x, 0) + 1.6732632423543772 * expm1(min(.x, 0))), kinks: [0],
      smoothness: .continuous, source: "Klambauer et al. 2017, arXiv:1706.02515"),
    Activation(
      "isrlu", "x, or x / sqrt(1 + x^2) for negative input: elu without exponentials",
      max(.x, 0) + min(.x, 0) / sqrt(1 + min(.x, 0).power(2)), smoothness: .c1,
      number: .parameter("alpha", of: "parametric_isrlu"), source: "Carlile et al. 2017, arXiv:1710.09967"),
    Activation(
      "polynomial_linear_unit", aliases: ["polylu", "fplus"], "x, or x / (1 - x) for negative input",
      max(.x, 0) + min(.x, 0) / (1 - min(.x, 0)), smoothness: .c1,
      source: "Feng and Yang 2023, arXiv:2308.15315; Kunc and Klema 2024, arXiv:2402.09092"),
    Activation(
      "softplus_linear_unit", aliases: ["slu"], "x, or 2 softplus(x) - 2 ln 2 for negative input",
      max(.x, 0) + 2 * softplus(min(.x, 0)) - 1.3862943611198906, smoothness: .c1,
      source: "Zhao et al. 2018; Kunc and Klema 2024, arXiv:2402.09092"),
    Activation(
      "softplus", aliases: ["smooth_relu"], "ln(1 + e^x), a smooth relu",
      softplus(.x), smoothness: .smooth, number: .parameter("beta", of: "parametric_softplus"),
      source: "Dugas et al. 2001"),
    Activation(
      "shifted_softplus", aliases: ["ssp"], "softplus - ln 2, which is 0 at 0",
      softplus(.x) - 0.6931471805599453, smoothness: .smooth, source: "Schuett et al. 2017, arXiv:1706.08566"),
    Activation(
      "squareplus", "(x + sqrt(x^2 + 4)) / 2, softplus of algebraic operations",
      squareplus(4), smoothness: .smooth, number: .parameter("b", of: "parametric_squareplus"),
      source: "Barron 2021, arXiv:2112.11687"),
    Activation(
      "sparse_plus", "0 below -1, a parabola to 1, x above: softplus with exact ends",
      max(.x, 1) - 1 + max(min(.x, 1) + 1, 0).power(2) / 4, smoothness: .c1, source: "JAX, Keras 3"),
    Activation(
      "bent_identity", "(sqrt(x^2 + 1) - 1) / 2 + x",
      (sqrt(.x.power(2) + 1) - 1) / 2 + .x, smoothness: .smooth,
      number: .parameter("beta", of: "bendable_linear_unit"), source: "elementary"),
  ]

  /// (x + √(x² + b)) / 2 without its cancellation for negative x.
  static func squareplus(_ b: Expression) -> Expression {
    let root = sqrt(.x.power(2) + b)
    return .select(.greater, .x, 0, then: (.x + root) / 2, otherwise: b / 2 / (root - .x))
  }
}
