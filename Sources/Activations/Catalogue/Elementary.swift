// The elementary functions of symbolic regression, each in a form that is finite with its derivative everywhere.

extension Catalogue {
  // A pole 1/u is u / (u² + 0.01), whose greatest value is 5 at 0.1; a root or logarithm of |x| has √(x² + 0.01) for |x|.
  static let elementary: [Activation] = [
    Activation(
      "exponential", aliases: ["exp"], "e^x, as far as e^80",
      exp(min(.x, 80)), smoothness: .smooth, source: "Keras"),
    Activation(
      "reciprocal", "1 / x, guarded",
      guarded, smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "reciprocal_square", "1 / x^2, guarded",
      guarded.power(2), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "reciprocal_cube", "1 / x^3, guarded",
      guarded.power(3), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "reciprocal_fourth_power", "1 / x^4, guarded",
      guarded.power(4), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "reciprocal_fifth_power", "1 / x^5, guarded",
      guarded.power(5), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "square_root", aliases: ["sqrt"], "sqrt |x|, guarded",
      sqrt(size), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "signed_square_root", "sign(x) sqrt |x|, guarded",
      .x / sqrt(size), smoothness: .smooth, source: "elementary"),
    Activation(
      "inverse_square_root", "1 / sqrt |x|, guarded",
      1 / sqrt(size), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "three_halves_power", "|x|^1.5, guarded",
      size * sqrt(size), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "log_abs", aliases: ["log"], "ln |x|, guarded",
      log(size), smoothness: .smooth, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "tan", "the tangent, guarded",
      sin(.x) * cos(.x) / (cos(.x).power(2) + 0.01), smoothness: .smooth,
      source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "arcsin", aliases: ["asin"], "the inverse sine of x clipped to +-0.99",
      arctan(clipped / sqrt(1 - clipped.power(2))), kinks: [-0.99, 0.99], smoothness: .continuous,
      source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "arccos", aliases: ["acos"], "the inverse cosine of x clipped to +-0.99",
      .constant(.pi / 2) - arctan(clipped / sqrt(1 - clipped.power(2))), kinks: [-0.99, 0.99],
      smoothness: .continuous, source: "pykan's symbolic library, arXiv:2404.19756"),
    Activation(
      "arctanh", aliases: ["atanh"], "the inverse hyperbolic tangent of x clipped to +-0.99",
      (log1p(clipped) - log1p(-clipped)) / 2, kinks: [-0.99, 0.99], smoothness: .continuous,
      source: "pykan's symbolic library, arXiv:2404.19756"),
  ]

  private static let guarded: Expression = .x / (.x.power(2) + 0.01)
  private static let size: Expression = sqrt(.x.power(2) + 0.01)
  private static let clipped: Expression = max(min(0.99, .x), -0.99)
}
