// Self-gated activations: the input times a smooth gate of itself.

extension Catalogue {
  static let gated: [Activation] = [
    Activation(
      "silu", aliases: ["swish_1", "sil"], "x times its own sigmoid",
      .x * sigmoid(.x), smoothness: .smooth, source: "Elfwing et al. 2017, arXiv:1702.03118"),
    Activation(
      "swish", aliases: ["swish_beta"], "silu with trained gate slope: x/2 at beta 0, relu as beta grows",
      .x * sigmoid(.parameter("beta") * .x), parameters: [Parameter("beta", initial: 1)],
      smoothness: .smooth, source: "Ramachandran et al. 2017, arXiv:1710.05941"),
    // erfc keeps the precision of the negative tail, where 1 + erf would cancel.
    Activation(
      "gelu", "x times the normal distribution function, exactly",
      0.5 * .x * erfc(-0.7071067811865476 * .x), smoothness: .smooth,
      source: "Hendrycks and Gimpel 2016, arXiv:1606.08415"),
    Activation(
      "mish", "x times the tanh of its softplus",
      .x * tanh(softplus(.x)), smoothness: .smooth, source: "Misra 2019, arXiv:1908.08681"),
  ]
}
