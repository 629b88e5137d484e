// Self-gated activations without parameters: the input times a gate of itself.

extension Catalogue {
  static let gated: [Activation] = [
    Activation(
      "silu", aliases: ["swish_1", "sil"], "x times its own sigmoid",
      .x * sigmoid(.x), smoothness: .smooth, number: .parameter("beta", of: "swish"),
      source: "Elfwing et al. 2017, arXiv:1702.03118"),
    Activation(
      "silu_derivative", aliases: ["dsilu"], "the derivative of silu: a steep sigmoid that overshoots",
      sigmoid(.x) * (1 + .x * sigmoid(-.x)), smoothness: .smooth,
      source: "Elfwing et al. 2017, arXiv:1702.03118"),
    Activation(
      "hard_swish", aliases: ["hardswish", "hard_silu"], "x times the hard sigmoid",
      .x * max(min(6, .x + 3), 0) / 6, kinks: [-3, 3], smoothness: .continuous,
      source: "Howard et al. 2019, arXiv:1905.02244"),
    // erfc keeps the precision of the negative tail, where 1 + erf would cancel.
    Activation(
      "gelu", aliases: ["gelu_exact"], "x times the normal distribution function, exactly (PyTorch, Keras)",
      0.5 * .x * erfc(-0.7071067811865476 * .x), smoothness: .smooth,
      source: "Hendrycks and Gimpel 2016, arXiv:1606.08415"),
    // (1 + tanh u) / 2 is sigmoid(2u), which does not cancel for negative u.
    Activation(
      "gelu_tanh", aliases: ["gelu_approximate", "gelu_new"],
      "gelu by its tanh formula (JAX's default), within 0.0005",
      .x * sigmoid(1.5957691216057308 * (.x + 0.044715 * .x.power(3))), smoothness: .smooth,
      source: "Hendrycks and Gimpel 2016, arXiv:1606.08415"),
    Activation(
      "quick_gelu", aliases: ["gelu_quick"], "gelu by a sigmoid, x sigmoid(1.702 x)",
      .x * sigmoid(1.702 * .x), smoothness: .smooth, source: "Hendrycks and Gimpel 2016, arXiv:1606.08415"),
    Activation(
      "mish", "x times the tanh of its softplus",
      .x * tanh(softplus(.x)), smoothness: .smooth, number: .parameter("beta", of: "parametric_mish"),
      source: "Misra 2019, arXiv:1908.08681"),
    Activation(
      "hard_mish", "mish of straight lines: x/2 times clip(x + 2, 0, 2)",
      0.5 * .x * max(min(2, .x + 2), 0), kinks: [-2], smoothness: .continuous,
      source: "Wightman 2020 (timm)"),
    Activation(
      "smish", "x tanh(ln(1 + sigmoid(x)))",
      .x * tanh(log1p(sigmoid(.x))), smoothness: .smooth,
      source: "Wang et al. 2022, doi:10.3390/electronics11040540"),
    Activation(
      "logish", "x ln(1 + sigmoid(x))",
      .x * log1p(sigmoid(.x)), smoothness: .smooth,
      source: "Zhu et al. 2021, doi:10.1016/j.neucom.2021.06.067"
    ),
    Activation(
      "loglogish", "x (1 - exp(-e^x)): gated by the complementary log-log",
      .x * -expm1(-exp(min(.x, 20))), smoothness: .smooth,
      source: "Zhu et al. 2021, doi:10.1016/j.neucom.2021.06.067"),
    Activation(
      "serf", "x erf(softplus(x))",
      .x * erf(softplus(.x)), smoothness: .smooth, source: "Nag et al. 2021, arXiv:2108.09598"),
    Activation(
      "tanhexp", aliases: ["telu"], "x tanh(e^x)",
      .x * tanh(exp(min(.x, 20))), smoothness: .smooth,
      source: "Liu and Di 2020, arXiv:2003.09855; Fernandez and Mali 2024, arXiv:2412.20269"),
    Activation(
      "lisht", "x tanh x, an even function",
      .x * tanh(.x), smoothness: .smooth, source: "Roy et al. 2019, arXiv:1901.05894"),
    Activation(
      "golu", "x exp(-exp(-x)): gated by the Gumbel distribution",
      .x * exp(-exp(-max(.x, -20))), smoothness: .smooth, source: "Das et al. 2025, arXiv:2502.03654"),
    Activation(
      "phish", "x tanh(gelu(x))",
      .x * tanh(0.5 * .x * erfc(-0.7071067811865476 * .x)), smoothness: .smooth,
      source: "Naveen 2022, doi:10.36227/techrxiv.17283824"),
    Activation(
      "gish", "x ln(2 - exp(-e^x))",
      .x * log1p(-expm1(-exp(min(.x, 20)))), smoothness: .smooth,
      source: "Kaytan et al. 2023, doi:10.1007/s00521-023-09035-5"),
    Activation(
      "atlu", aliases: ["arctan_linear_unit"], "x times an arctan moved to (0, 1): heavier tails than silu",
      .x * (arctan(.x) / .constant(.pi) + 0.5), smoothness: .smooth, source: "Huang 2024, arXiv:2405.20768"),
    Activation(
      "elish", "x sigmoid(x), or (e^x - 1) sigmoid(x) for negative input",
      (max(.x, 0) + expm1(min(.x, 0))) * sigmoid(.x), smoothness: .c1,
      source: "Basirat and Roth 2018, arXiv:1808.00783"),
    Activation(
      "hard_elish", "elish gated by clip((x + 1)/2, 0, 1)",
      (max(.x, 0) + expm1(min(.x, 0))) * max(min(1, 0.5 * .x + 0.5), 0), kinks: [-1, 1],
      smoothness: .continuous, source: "Basirat and Roth 2018, arXiv:1808.00783"),
    Activation(
      "flatten_t_swish_fixed", aliases: ["flatten_threshold_swish"], "relu(x) sigmoid(x) - 0.2",
      max(.x, 0) * sigmoid(.x) - 0.2, kinks: [0], smoothness: .continuous,
      source: "Chieng et al. 2018, arXiv:1812.06247"),
  ]
}
