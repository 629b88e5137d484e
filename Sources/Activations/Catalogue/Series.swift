// Trained waves and wavelets, and short series: hinges, polynomials, harmonics.

extension Catalogue {
  static let series: [Activation] = [
    Activation(
      "snake", "x + sin^2(a x) / a with trained frequency: a monotone trend plus a period",
      .x + sin(a * .x).power(2) / a, parameters: [.positive("a", 1)], smoothness: .smooth,
      source: "Ziyin et al. 2020, arXiv:2006.08195"),
    Activation(
      "trainable_sine", aliases: ["parametric_sine"], "amplitude sin(omega x + phi)",
      .parameter("amplitude") * sin(.parameter("omega") * .x + .parameter("phi")),
      parameters: [.free("amplitude", 1), .free("omega", 1), .free("phi", 0)], smoothness: .smooth,
      source: "after Sitzmann et al. 2020, arXiv:2006.09661"),
    Activation(
      "laaf_sin", "sin(10 a x): the factor makes a's steps 100 times as large",
      sin(10 * a * .x), parameters: [.free("a", 0.1)], smoothness: .smooth,
      source: "Jagtap et al. 2020, arXiv:1909.12228"),
    Activation(
      "wavelet", aliases: ["pinnsformer_wavelet"], "w_1 sin x + w_2 cos x",
      .parameter("w_1") * sin(.x) + .parameter("w_2") * cos(.x),
      parameters: [.free("w_1", 1), .free("w_2", 1)],
      smoothness: .smooth, source: "Zhao et al. 2023 (PINNsFormer), arXiv:2307.11833"),
    Activation(
      "parametric_gaussian", aliases: ["garf"], "exp(-x^2 / (2 s^2)) with trained width",
      exp(-.x.power(2) / (2 * s.power(2))), parameters: [.positive("s", 1)], smoothness: .smooth,
      source: "Chng et al. 2022 (GARF), arXiv:2204.05735"),
    Activation(
      "gabor", aliases: ["wire_real"], "cos(omega x) exp(-(s x)^2), a wavelet of trained frequency and width",
      cos(.parameter("omega") * .x) * exp(-(s * .x).power(2)),
      parameters: [.free("omega", 2), .positive("s", 0.5)], smoothness: .smooth,
      source: "Saragadam et al. 2023 (WIRE), arXiv:2301.05187"),
    Activation(
      "quadratic", "c_0 + c_1 x + c_2 x^2",
      polynomial(degree: 2), parameters: [.free("c_0", 0), .free("c_1", 1), .free("c_2", 0.25)],
      smoothness: .smooth, source: "elementary"),
    Activation(
      "slaf", aliases: ["polynomial", "self_learnable"],
      "a trained polynomial of degree 3; starts near silu at 0",
      polynomial(degree: 3),
      parameters: [.free("c_0", 0), .free("c_1", 0.5), .free("c_2", 0.25), .free("c_3", 0.01)],
      smoothness: .smooth, source: "Goyal et al. 2019, arXiv:1906.09529"),
    Activation(
      "hermite", "normalised Hermite polynomials to degree 3, weighted; starts as the best fit to relu",
      hermite,
      parameters: [.free("h_0", 0.3989), .free("h_1", 0.5), .free("h_2", 0.2821), .free("h_3", 0.01)],
      smoothness: .smooth, source: "Lokhande et al. 2020, arXiv:1909.05479"),
    Activation(
      "chebyshev", "Chebyshev polynomials of tanh x to degree 4, weighted",
      chebyshev,
      parameters: [
        .free("t_0", 0), .free("t_1", 1), .free("t_2", 0.1), .free("t_3", 0.1), .free("t_4", 0.1),
      ],
      smoothness: .smooth, source: "Sidharth et al. 2024 (ChebyKAN), arXiv:2405.07200"),
    Activation(
      "fourier", "two trained harmonics over a trained line",
      .parameter("r") * .x
        + (1...2).map { n in
          .parameter("s_\(n)") * sin(.constant(Double(n)) * .x) + .parameter("c_\(n)")
            * cos(.constant(Double(n)) * .x)
        }.sum,
      parameters: [
        .free("r", 1), .free("s_1", 0.2), .free("c_1", 0.2), .free("s_2", 0.1), .free("c_2", 0.1),
      ],
      smoothness: .smooth, source: "Xu et al. 2024 (FourierKAN), arXiv:2406.01034"),
    Activation(
      "splash", "trained slopes at fixed hinges 0, 1, 2 and 2.5 on both sides; starts as relu",
      splash,
      parameters: [1, 0, 0, 0].enumerated().map { .free("p_\($0 + 1)", $1) }
        + [0, 0, 0, 0].enumerated().map { .free("n_\($0 + 1)", $1) },
      kinks: [0], smoothness: .continuous, source: "Tavakoli et al. 2021, arXiv:2006.08947"),
    Activation(
      "tropical", "max of n x + c_n over n = -1 ... 2: a trained convex broken line",
      max(
        max(max(-.x + .parameter("c_1"), .parameter("c_2")), .x + .parameter("c_3")),
        2 * .x + .parameter("c_4")),
      parameters: [.free("c_1", -1), .free("c_2", 0), .free("c_3", 0), .free("c_4", -1)],
      kinks: [-1, 0, 1], smoothness: .continuous,
      source: "after Maragos et al. 2021, doi:10.1109/JPROC.2021.3065238"),
  ]

  private static let a = Expression.parameter("a")
  private static let s = Expression.parameter("s")

  /// c₀ + x (c₁ + x (…)).
  private static func polynomial(degree: Int) -> Expression {
    let last = Expression.parameter("c_\(degree)")
    return (0..<degree).reversed().reduce(last) { .parameter("c_\($1)") + .x * $0 }
  }

  private static let hermite: Expression =
    .parameter("h_0") + .parameter("h_1") * .x
    + .parameter("h_2") * (.x.power(2) - 1) * 0.7071067811865476
    + .parameter("h_3") * (.x.power(3) - 3 * .x) * 0.4082482904638631

  private static var chebyshev: Expression {
    let u = tanh(.x)
    return .parameter("t_0") + .parameter("t_1") * u + .parameter("t_2") * (2 * u.power(2) - 1)
      + .parameter("t_3") * (4 * u.power(3) - 3 * u)
      + .parameter("t_4") * (8 * u.power(4) - 8 * u.power(2) + 1)
  }

  private static var splash: Expression {
    let hinges: [Double] = [0, 1, 2, 2.5]
    let right = hinges.enumerated().map { .parameter("p_\($0 + 1)") * max(.x - .constant($1), 0) }.sum
    let left = hinges.enumerated().map { .parameter("n_\($0 + 1)") * max(-.x - .constant($1), 0) }.sum
    return right + left
  }
}
