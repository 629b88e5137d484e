// Stochastic activations: what training computes with noise, and the fixed function of prediction.

extension Catalogue {
  static let stochastic: [Activation] = [
    Activation(
      "rrelu", aliases: ["randomized_relu"],
      "leaky relu, its slope drawn from U(1/8, 1/3); prediction uses the mean slope 11/48 (PyTorch)",
      positive + .constant(11.0 / 48) * negative,
      training: positive + (.constant(1.0 / 8) + .constant(5.0 / 24) * uniform) * negative, kinks: [0],
      smoothness: .continuous, source: "Xu et al. 2015, arXiv:1505.00853"),
    Activation(
      "rrelu_paper", "leaky relu, its slope 1/u with u drawn from U(3, 8); prediction uses 1/5.5 (the paper)",
      positive + negative / 5.5, training: positive + negative / (3 + 5 * uniform), kinks: [0],
      smoothness: .continuous, source: "Xu et al. 2015, arXiv:1505.00853"),
    Activation(
      "noisy_relu", aliases: ["nrelu"],
      "relu(x + n), n normal of variance sigmoid(x); prediction is relu",
      positive, training: max(.x + sqrt(sigmoid(max(.x, -60))) * normal, 0), kinks: [0],
      smoothness: .continuous,
      source: "Nair and Hinton 2010"),
    Activation(
      "prob_act", aliases: ["probact"],
      "relu(x) + sigma n, n standard normal and sigma trained; prediction is relu",
      positive, training: positive + .parameter("sigma") * normal,
      parameters: [.positive("sigma", 0.1)], kinks: [0], smoothness: .continuous,
      source: "Shridhar et al. 2019, arXiv:1905.10761"),
    Activation(
      "drop_activation", "relu with probability 0.95, else the identity; prediction is the mean of the two",
      0.95 * positive + 0.05 * .x,
      training: .select(.less, uniform, 0.95, then: positive, otherwise: .x), kinks: [0],
      smoothness: .continuous, source: "Liang et al. 2018, arXiv:1811.05850"),
    Activation(
      "elastic_relu", aliases: ["erelu"],
      "relu with a positive slope drawn from U(1/2, 3/2); prediction is relu",
      positive, training: (0.5 + uniform) * positive, kinks: [0], smoothness: .continuous,
      source: "Jiang et al. 2018"),
    Activation(
      "randomly_translated_relu", aliases: ["rt_relu"],
      "relu(x + n), n normal of standard deviation 0.75; prediction is relu",
      positive, training: max(.x + 0.75 * normal, 0), kinks: [0], smoothness: .continuous,
      source: "Cao et al. 2018"),
    Activation(
      "randomly_translated_prelu", aliases: ["rt_prelu"],
      "prelu(x + n), n normal of standard deviation 0.75; prediction is prelu",
      positive + a * negative,
      training: max(.x + 0.75 * normal, 0) + a * min(.x + 0.75 * normal, 0), parameters: [.free("a", 0.25)],
      kinks: [0], smoothness: .continuous, source: "Cao et al. 2018"),
    Activation(
      "stochastic_silu", "silu or relu with equal probability for each element; prediction is relu",
      positive,
      training: .select(.less, uniform, 0.5, then: .x * sigmoid(.x), otherwise: positive), kinks: [0],
      smoothness: .continuous, source: "Lomeli et al. 2025, arXiv:2509.22358"),
    Activation(
      "noisy_hard_tanh", "hard_tanh with normal noise of standard deviation sigma where it saturates",
      max(min(1, .x), -1),
      training: max(min(1, .x), -1) + .parameter("sigma") * abs(.x - max(min(1, .x), -1)) * normal,
      parameters: [.positive("sigma", 0.25)], kinks: [-1, 1], smoothness: .continuous,
      source: "Gulcehre et al. 2016, arXiv:1603.00391"),
  ]

  private static let positive: Expression = max(.x, 0)
  private static let negative: Expression = min(.x, 0)
  private static let uniform: Expression = .noise(.uniform)
  private static let normal: Expression = .noise(.normal)
  private static let a = Expression.parameter("a")
}
