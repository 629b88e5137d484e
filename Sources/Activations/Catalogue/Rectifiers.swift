// Rectifiers: linear for positive input, small or saturating for negative input.

extension Catalogue {
  // The branches are written with max(x, 0) and min(x, 0), so that an exponential never sees a positive input.
  static let rectifiers: [Activation] = [
    Activation(
      "relu", "max(x, 0), with derivative 0 at 0",
      max(.x, 0), kinks: [0], smoothness: .continuous,
      source: "Nair and Hinton 2010; Glorot et al. 2011"),
    Activation(
      "leaky_relu", "relu with slope 0.01 for negative input",
      max(.x, 0) + 0.01 * min(.x, 0), kinks: [0], smoothness: .continuous, source: "Maas et al. 2013"),
    Activation(
      "prelu", aliases: ["parametric_relu"], "relu with a trained slope for negative input",
      max(.x, 0) + a * min(.x, 0), parameters: [Parameter("a", initial: 0.25)], kinks: [0],
      smoothness: .continuous, source: "He et al. 2015, arXiv:1502.01852"),
    Activation(
      "elu", "exponential linear unit: x, or e^x - 1 for negative input",
      max(.x, 0) + expm1(min(.x, 0)), smoothness: .c1, source: "Clevert et al. 2016, arXiv:1511.07289"),
    Activation(
      "selu", "scaled elu whose fixed point is mean 0 and variance 1",
      1.0507009873554805 * (max(.x, 0) + 1.6732632423543772 * expm1(min(.x, 0))), kinks: [0],
      smoothness: .continuous, source: "Klambauer et al. 2017, arXiv:1706.02515"),
    Activation(
      "pelu", aliases: ["parametric_elu"],
      "elu with trained scale a and width b, smooth at 0 for all of them",
      a / b * max(.x, 0) + a * expm1(min(.x, 0) / b),
      parameters: [
        Parameter("a", initial: 1, constraint: .positive), Parameter("b", initial: 1, constraint: .positive),
      ],
      smoothness: .c1, source: "Trottier et al. 2016, arXiv:1605.09332"),
    Activation(
      "softplus", "ln(1 + e^x), a smooth relu",
      softplus(.x), smoothness: .smooth, source: "Dugas et al. 2001"),
  ]

  private static let a = Expression.parameter("a")
  private static let b = Expression.parameter("b")
}
