// Periodic activations.

extension Catalogue {
  static let periodic: [Activation] = [
    Activation(
      "snake", "x + sin^2(a x) / a with trained frequency: a monotone trend plus a period",
      .x + sin(.parameter("a") * .x).power(2) / .parameter("a"),
      parameters: [Parameter("a", initial: 1, constraint: .positive)], smoothness: .smooth,
      source: "Ziyin et al. 2020, arXiv:2006.08195")
  ]
}
