// Parametric sigmoids: trained slope, shift and amplitude, and the general families that hold many functions.

extension Catalogue {
  static let parametricSigmoidal: [Activation] = [
    Activation(
      "parametric_sigmoid", aliases: ["adaptive_sigmoid"], "the sigmoid with trained slope a and shift b",
      sigmoid(a * .x + b), parameters: [.free("a", 1), .free("b", 0)],
      smoothness: .smooth, source: "Yamada and Yabuta 1992; Jagtap et al. 2020, arXiv:1906.01170"),
    // (1 - e^-u) / (1 + e^-u) with u = a x + b, written as tanh(u / 2): the quotient is NaN for u < -88 in Float32.
    Activation(
      "parametric_tanh", aliases: ["adaptive_tanh"],
      "(1 - e^-u) / (1 + e^-u) with trained u = a x + b; starts as tanh",
      tanh((a * .x + b) / 2), parameters: [.free("a", 2), .free("b", 0)],
      smoothness: .smooth, source: "Jagtap et al. 2020, arXiv:1906.01170"),
    Activation(
      "amplitude_sigmoid", "c sigmoid(a x + b) + d: trained amplitude and level as well",
      c * sigmoid(a * .x + b) + d, parameters: [.free("a", 1), .free("b", 0), .free("c", 1), .free("d", 0)],
      smoothness: .smooth, source: "Chen and Chang 1996"),
    Activation(
      "amplitude_tanh", "c tanh((a x + b) / 2) + d: trained amplitude and level as well",
      c * tanh((a * .x + b) / 2) + d,
      parameters: [.free("a", 2), .free("b", 0), .free("c", 1), .free("d", 0)],
      smoothness: .smooth, source: "Chen and Chang 1996"),
    Activation(
      "laaf_tanh", aliases: ["laaf", "gaaf_tanh"],
      "tanh(10 a x): the factor makes a's steps 100 times as large",
      tanh(10 * a * .x), parameters: [.free("a", 0.1)], smoothness: .smooth,
      source: "Jagtap et al. 2020, arXiv:1909.12228"),
    Activation(
      "laaf_sigmoid", "sigmoid(10 a x): the factor makes a's steps 100 times as large",
      sigmoid(10 * a * .x), parameters: [.free("a", 0.1)], smoothness: .smooth,
      source: "Jagtap et al. 2020, arXiv:1909.12228"),
    Activation(
      "stan", aliases: ["self_scalable_tanh"], "tanh x + beta x tanh x",
      tanh(.x) + beta * .x * tanh(.x), parameters: [.free("beta", 1)], smoothness: .smooth,
      source: "Gnanasambandam et al. 2022, arXiv:2204.12589"),
    Activation(
      "taaf", "alpha tanh(beta x + gamma) + delta: tanh with a trained affine map on both sides",
      alpha * tanh(beta * .x + gamma) + delta,
      parameters: [.free("alpha", 1), .free("beta", 1), .free("gamma", 0), .free("delta", 0)],
      smoothness: .smooth, source: "Kunc and Klema 2021 and 2024, arXiv:2402.09092"),
    Activation(
      "uaf", aliases: ["universal"],
      "softplus(a (x + b) + c x^2) - softplus(d (x - b)) + e: near to step, sigmoid, tanh, relu or a bump; starts as x",
      softplus(a * (.x + b) + c * .x.power(2)) - softplus(d * (.x - b)) + .parameter("e_0"),
      parameters: [
        .free("a", 1.1), .free("b", -0.01), .free("c", 1e-5), .free("d", -0.9), .free("e_0", 1e-5),
      ],
      smoothness: .smooth, source: "Yuen et al. 2021, doi:10.1038/s41598-021-96723-8"),
    Activation(
      "parametric_isru", "x / sqrt(1 + alpha x^2)",
      .x / sqrt(1 + alpha * .x.power(2)), parameters: [.positive("alpha", 1)], smoothness: .smooth,
      source: "Carlile et al. 2017, arXiv:1710.09967"),
    Activation(
      "parametric_penalized_tanh", "tanh with a trained share for negative input",
      tanh(max(.x, 0)) + a * tanh(min(.x, 0)), parameters: [.free("a", 0.25)], kinks: [0],
      smoothness: .continuous, source: "Xu et al. 2016, arXiv:1602.05980"),
    Activation(
      "soft_root_sign", aliases: ["srs"],
      "x / (x/alpha + exp(-x/beta)) with alpha = gamma + beta/e, which keeps the divisor positive",
      .x / (.x / (gamma + beta * 0.36787944117144233) + exp(min(-.x / beta, 80))),
      parameters: [.positive("gamma", 3.8963616764856730), .positive("beta", 3)], smoothness: .smooth,
      source: "Zhou et al. 2020, arXiv:2003.00547"),
    Activation(
      "plu", aliases: ["piecewise_linear_unit"], "slope 1 within +-c, slope alpha beyond",
      max(alpha * (.x + c) - c, min(alpha * (.x - c) + c, .x)),
      parameters: [.unit("alpha", 0.1), .positive("c", 1)], kinks: [-1, 1], smoothness: .continuous,
      source: "Nicolae 2018, arXiv:1809.09534"),
    Activation(
      "pact", "x clipped to [0, alpha], as quantised networks train it",
      max(min(.x, alpha), 0), parameters: [.positive("alpha", 3)], kinks: [0, 3], smoothness: .continuous,
      source: "Choi et al. 2018, arXiv:1805.06085"),
  ]

  private static let a = Expression.parameter("a")
  private static let b = Expression.parameter("b")
  private static let c = Expression.parameter("c")
  private static let d = Expression.parameter("d")
  private static let alpha = Expression.parameter("alpha")
  private static let beta = Expression.parameter("beta")
  private static let gamma = Expression.parameter("gamma")
  private static let delta = Expression.parameter("delta")
}
