// Parametric rectifiers: trained slopes, thresholds, curvature and steepness.

extension Catalogue {
  static let parametricRectifiers: [Activation] = [
    Activation(
      "prelu", aliases: ["parametric_relu"], "relu with a trained slope for negative input",
      positive + a * negative, parameters: [.free("a", 0.25)], kinks: [0],
      smoothness: .continuous, source: "He et al. 2015, arXiv:1502.01852"),
    Activation(
      "double_prelu", aliases: ["bi_slope", "dual_prelu", "adalu"],
      "trained slopes p and a on the two sides of 0",
      p * positive + a * negative, parameters: [.free("p", 1), .free("a", 0.25)], kinks: [0],
      smoothness: .continuous, source: "Balaji et al. 2020 (DPReLU)"),
    Activation(
      "flexible_relu", aliases: ["frelu"], "relu(x) + b with a trained level",
      positive + b, parameters: [.free("b", -0.398)], kinks: [0], smoothness: .continuous,
      source: "Qiu et al. 2017, arXiv:1706.08098"),
    Activation(
      "s_shaped_relu", aliases: ["srelu"],
      "three lines: slope 1 between trained thresholds, trained slopes beyond; the right threshold is t_left + width",
      min(max(.x, left), left + width) + aLeft * min(.x - left, 0) + aRight * max(.x - (left + width), 0),
      parameters: [
        .free("t_left", 0), .free("a_left", 0.2), .positive("width", 1), .free("a_right", 0.9),
      ],
      kinks: [0, 1], smoothness: .continuous, source: "Jin et al. 2016, arXiv:1512.07030"),
    Activation(
      "apl", aliases: ["adaptive_piecewise_linear"],
      "relu(x) + sum of a_s max(b_s - x, 0): two trained hinges",
      positive + .parameter("a_1") * max(.parameter("b_1") - .x, 0)
        + .parameter("a_2") * max(.parameter("b_2") - .x, 0),
      parameters: [.free("a_1", -0.1), .free("b_1", 0), .free("a_2", 0.05), .free("b_2", -1)],
      kinks: [-1, 0],
      smoothness: .continuous, source: "Agostinelli et al. 2015, arXiv:1412.6830"),
    Activation(
      "celu", "elu with trained width alpha, once differentiable for all of them",
      positive + alpha * expm1(negative / alpha), parameters: [.positive("alpha", 1)], smoothness: .c1,
      source: "Barron 2017, arXiv:1704.07483"),
    Activation(
      "scaled_elu", aliases: ["elu_alpha"], "elu with a trained level alpha for negative input",
      positive + alpha * expm1(negative), parameters: [.positive("alpha", 1)], smoothness: .c1,
      source: "Clevert et al. 2016, arXiv:1511.07289"),
    Activation(
      "pelu", aliases: ["parametric_elu"],
      "elu with trained scale a and width b, smooth at 0 for all of them",
      a / b * positive + a * expm1(negative / b), parameters: [.positive("a", 1), .positive("b", 1)],
      smoothness: .c1, source: "Trottier et al. 2016, arXiv:1605.09332"),
    Activation(
      "mpelu", aliases: ["multiple_parametric_elu"], "elu with trained level alpha and steepness beta",
      positive + alpha * expm1(beta * negative), parameters: [.free("alpha", 1), .positive("beta", 1)],
      smoothness: .c1, source: "Li et al. 2018, arXiv:1606.00305"),
    Activation(
      "pdelu", aliases: ["deformable_elu"],
      "alpha ((1 + 0.1 x)^10 - 1) for negative input, the base kept at 0: an elu of finite support",
      positive + alpha * (max(1 + 0.1 * negative, 0).power(8) * max(1 + 0.1 * negative, 0).power(2) - 1),
      parameters: [.free("alpha", 1)],
      smoothness: .c1, source: "Cheng et al. 2020, Neural Networks 125"),
    Activation(
      "polu", aliases: ["power_linear_unit"], "x, or (1 - x)^-n - 1 for negative input",
      positive + expm1(-n * log1p(-negative)), parameters: [.positive("n", 1)], smoothness: .c1,
      source: "Li et al. 2018, arXiv:1802.00212"),
    Activation(
      "preu", aliases: ["parametric_rectified_exponential"], "a x, or a x e^(b x) for negative input",
      a * positive + a * negative * exp(b * negative), parameters: [.free("a", 1), .positive("b", 1)],
      smoothness: .c1, source: "Ying et al. 2019, IEEE Access 7"),
    Activation(
      "ptelu", aliases: ["parametric_tan_hyperbolic_linear"], "x, or alpha tanh(beta x) for negative input",
      positive + alpha * tanh(beta * negative), parameters: [.positive("alpha", 1), .positive("beta", 1)],
      smoothness: .c1, source: "Duggal and Gupta 2017 (P-TELU)"),
    Activation(
      "parametric_isrlu", "x, or x / sqrt(1 + alpha x^2) for negative input",
      positive + negative / sqrt(1 + alpha * negative.power(2)), parameters: [.positive("alpha", 1)],
      smoothness: .c1, source: "Carlile et al. 2017, arXiv:1710.09967"),
    Activation(
      "parametric_softplus", aliases: ["softplus_beta"], "softplus(beta x) / beta: relu as beta grows",
      softplus(beta * .x) / beta, parameters: [.positive("beta", 1)], smoothness: .smooth,
      source: "Dugas et al. 2001; PyTorch"),
    Activation(
      "parametric_squareplus", aliases: ["squareplus_b"], "(x + sqrt(x^2 + b)) / 2 with trained b",
      Catalogue.squareplus(b), parameters: [.positive("b", 4)], smoothness: .smooth,
      source: "Barron 2021, arXiv:2112.11687"),
    Activation(
      "parametric_natural_log_relu", "ln(1 + beta relu(x)) with trained beta",
      log1p(beta * positive), parameters: [.positive("beta", 1)], kinks: [0], smoothness: .continuous,
      source: "Liu et al. 2019, arXiv:1908.03682"),
    Activation(
      "bendable_linear_unit", aliases: ["blu"], "beta (sqrt(x^2 + 1) - 1) + x with trained beta",
      beta * (sqrt(.x.power(2) + 1) - 1) + .x, parameters: [.free("beta", 0.5)], smoothness: .smooth,
      source: "Godfrey 2019, doi:10.1109/SMC.2019.8913972"),
    Activation(
      "parametric_star_relu", "s relu(x)^2 + b with trained scale and level",
      s * positive.power(2) + b, parameters: [.free("s", 0.8944), .free("b", -0.4472)], smoothness: .c1,
      source: "Yu et al. 2022, arXiv:2210.13452"),
    Activation(
      "poly_relu", "a_0 + a_1 r + a_2 r^2 + a_3 r^3 with r = relu(x)",
      .parameter("a_0") + .parameter("a_1") * positive + .parameter("a_2") * positive.power(2)
        + .parameter("a_3") * positive.power(3),
      parameters: [.free("a_0", 0), .free("a_1", 1.0 / 3), .free("a_2", 1.0 / 3), .free("a_3", 1.0 / 3)],
      kinks: [0], smoothness: .continuous, source: "Zhuo et al. 2024 (PolyCom), arXiv:2411.03884"),
    Activation(
      "leaky_squared_relu", aliases: ["asqu"], "x^2, or beta x^2 for negative input",
      positive.power(2) + beta * negative.power(2), parameters: [.free("beta", 0.25)], smoothness: .c1,
      source: "after So et al. 2021, arXiv:2109.08668"),
    Activation(
      "xielu", "quadratic for positive input, expm1(x) - x for negative, plus x/2: a trained integral of elu",
      p * positive.power(2) + (0.5 + n) * (expm1(negative) - negative) + 0.5 * .x,
      parameters: [.positive("p", 0.8), .positive("n", 0.3)], smoothness: .c1,
      source: "Huang and Schlag 2024, arXiv:2411.13010"),
    Activation(
      "smu", "a smooth maximum of x and a x by erf, steepness mu",
      ((1 + a) * .x + (1 - a) * .x * erf(mu * (1 - a) * .x)) / 2,
      parameters: [.free("a", 0.25), .free("mu", 1)], smoothness: .smooth,
      source: "Biswas et al. 2021, arXiv:2111.04682"),
    Activation(
      "smu_1", "a smooth maximum of x and a x by a square root, roundness mu",
      ((1 + a) * .x + sqrt(((1 - a) * .x).power(2) + mu.power(2))) / 2,
      parameters: [.free("a", 0.25), .positive("mu", 0.5)], smoothness: .smooth,
      source: "Biswas et al. 2021, arXiv:2111.04682"),
    dynamic("relu", max(.x, 0), kinks: [0], smoothness: .continuous),
  ]

  private static let positive: Expression = max(.x, 0)
  private static let negative: Expression = min(.x, 0)
  private static let a = Expression.parameter("a")
  private static let b = Expression.parameter("b")
  private static let n = Expression.parameter("n")
  private static let p = Expression.parameter("p")
  private static let s = Expression.parameter("s")
  private static let alpha = Expression.parameter("alpha")
  private static let beta = Expression.parameter("beta")
  private static let mu = Expression.parameter("mu")
  private static let left = Expression.parameter("t_left")
  private static let width = Expression.parameter("width")
  private static let aLeft = Expression.parameter("a_left")
  private static let aRight = Expression.parameter("a_right")
}
