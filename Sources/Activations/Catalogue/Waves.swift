// Waves, bumps, wavelets and powers, without parameters.

extension Catalogue {
  static let waves: [Activation] = [
    Activation("sin", aliases: ["sine"], "the sine", sin(.x), smoothness: .smooth, source: "elementary"),
    Activation("cos", aliases: ["cosine"], "the cosine", cos(.x), smoothness: .smooth, source: "elementary"),
    Activation(
      "siren", "sin(30 x), for coordinates in [-1, 1]",
      sin(30 * .x), smoothness: .smooth, source: "Sitzmann et al. 2020, arXiv:2006.09661"),
    Activation(
      "sinc", "sin(x) / x, 1 at 0",
      sinc(.x), smoothness: .smooth, source: "elementary"),
    Activation(
      "gcu", aliases: ["growing_cosine"], "x cos x, whose one unit learns XOR",
      .x * cos(.x), smoothness: .smooth, source: "Noel et al. 2021, arXiv:2108.12943"),
    Activation(
      "decaying_sine", aliases: ["dsu"], "pi/2 (sinc(x - pi) - sinc(x + pi))",
      .constant(.pi / 2) * (sinc(.x - .constant(.pi)) - sinc(.x + .constant(.pi))), smoothness: .smooth,
      source: "Noel et al. 2021, arXiv:2111.04020"),
    Activation(
      "shifted_quadratic", aliases: ["squ"], "x^2 + x",
      .x.power(2) + .x, smoothness: .smooth, source: "Noel et al. 2021, arXiv:2111.04020"),
    Activation(
      "non_monotonic_cubic", aliases: ["ncu"], "x - x^3",
      .x - .x.power(3), smoothness: .smooth, source: "Noel et al. 2021, arXiv:2111.04020"),
    Activation(
      "gaussian", aliases: ["rbf"], "exp(-x^2), a bump at 0",
      exp(-.x.power(2)), smoothness: .smooth, source: "Broomhead and Lowe 1988"),
    Activation(
      "sech", "1 / cosh x, a bump with exponential tails",
      2 * exp(-abs(.x)) / (1 + exp(-2 * abs(.x))), smoothness: .smooth, source: "elementary"),
    Activation(
      "triangular", aliases: ["hat"], "1 - |x|, 0 beyond +-1",
      max(1 - abs(.x), 0), kinks: [-1, 0, 1], smoothness: .continuous, source: "elementary"),
    Activation(
      "multiquadric", "sqrt(1 + x^2)",
      sqrt(1 + .x.power(2)), smoothness: .smooth, source: "Hardy 1971, doi:10.1029/JB076i008p01905"),
    Activation(
      "inverse_multiquadric", "1 / sqrt(1 + x^2)",
      1 / sqrt(1 + .x.power(2)), smoothness: .smooth, source: "Hardy 1971, doi:10.1029/JB076i008p01905"),
    Activation(
      "inverse_quadratic", aliases: ["cauchy"], "1 / (1 + x^2)",
      1 / (1 + .x.power(2)), smoothness: .smooth, source: "elementary"),
    Activation(
      "mexican_hat", aliases: ["ricker"], "(1 - x^2) exp(-x^2 / 2), a wavelet",
      (1 - .x.power(2)) * exp(-.x.power(2) / 2), smoothness: .smooth,
      source: "Bozorgasl and Chen 2024 (Wav-KAN), arXiv:2405.12832"),
    Activation(
      "morlet", "cos(5 x) exp(-x^2 / 2), a wavelet",
      cos(5 * .x) * exp(-.x.power(2) / 2), smoothness: .smooth,
      source: "Bozorgasl and Chen 2024 (Wav-KAN), arXiv:2405.12832"),
    Activation(
      "gaussian_derivative", aliases: ["dog"], "-x exp(-x^2 / 2), a wavelet",
      -.x * exp(-.x.power(2) / 2), smoothness: .smooth,
      source: "Bozorgasl and Chen 2024 (Wav-KAN), arXiv:2405.12832"),
    Activation(
      "abs", aliases: ["absolute"], "the absolute value, derivative 0 at 0",
      abs(.x), kinks: [0], smoothness: .continuous, source: "elementary"),
    Activation(
      "square", "x^2", .x.power(2), smoothness: .smooth, source: "elementary"),
    Activation(
      "cube", "x^3", .x.power(3), smoothness: .smooth, source: "elementary"),
    Activation(
      "fourth_power", "x^4", .x.power(4), smoothness: .smooth, source: "pykan's symbolic library"),
    Activation(
      "fifth_power", "x^5", .x.power(5), smoothness: .smooth, source: "pykan's symbolic library"),
  ]

  /// sin(u) / u by its series near 0.
  private static func sinc(_ u: Expression) -> Expression {
    .select(
      .less, abs(u), 0.02, then: 1 - u.power(2) / 6 + u.power(4) / 120,
      otherwise: sin(u) / .select(.less, abs(u), 0.02, then: 1, otherwise: u))
  }
}
