// Saturating activations without parameters: the sigmoid, tanh and their kin, hard, rational and logarithmic forms.

extension Catalogue {
  static let sigmoidal: [Activation] = [
    Activation(
      "identity", aliases: ["linear"], "the input itself; a network of identities is a linear model",
      .x, smoothness: .smooth, source: "elementary"),
    Activation(
      "sigmoid", aliases: ["logistic"],
      "the logistic function, from 0 to 1; not centred, so gradients shrink",
      sigmoid(.x), smoothness: .smooth, source: "Verhulst 1845; Rumelhart et al. 1986, doi:10.1038/323533a0"),
    Activation(
      "tanh", "the hyperbolic tangent, from -1 to 1, centred",
      tanh(.x), smoothness: .smooth, source: "LeCun et al. 1998, doi:10.1007/3-540-49430-8_2"),
    Activation(
      "scaled_tanh", aliases: ["lecun_tanh"],
      "1.7159 tanh(2x/3): +-1 at +-1, with the steepest curvature there",
      1.7159 * tanh(2 * .x / 3), smoothness: .smooth,
      source: "LeCun et al. 1998, doi:10.1007/3-540-49430-8_2"),
    Activation(
      "softsign", aliases: ["soft_sign"], "like tanh with polynomial tails",
      .x / (1 + abs(.x)), smoothness: .c1, source: "Turian et al. 2009, doi:10.3115/1620853.1620921"),
    Activation(
      "elliott", "softsign moved to (0, 1): a sigmoid without exponentials",
      0.5 * .x / (1 + abs(.x)) + 0.5, smoothness: .c1, source: "Elliott 1993"),
    Activation(
      "hard_sigmoid", aliases: ["hardsigmoid"], "the sigmoid as three line segments, clip(x/6 + 1/2, 0, 1)",
      max(min(1, .x / 6 + 0.5), 0), kinks: [-3, 3], smoothness: .continuous,
      source: "PyTorch, Keras 3; Courbariaux et al. 2015, arXiv:1511.00363"),
    Activation(
      "hard_sigmoid_02", aliases: ["hard_sigmoid_theano"],
      "the steeper hard sigmoid of Theano and Keras 1 and 2, clip(0.2x + 1/2, 0, 1)",
      max(min(1, 0.2 * .x + 0.5), 0), kinks: [-2.5, 2.5], smoothness: .continuous, source: "Theano, Keras 2"),
    Activation(
      "sparse_sigmoid", "clip((x + 1)/2, 0, 1): the derivative of sparse_plus",
      max(min(1, 0.5 * .x + 0.5), 0), kinks: [-1, 1], smoothness: .continuous, source: "JAX, Keras 3"),
    Activation(
      "hard_tanh", aliases: ["hardtanh"], "the identity clipped to [-1, 1]",
      max(min(1, .x), -1), kinks: [-1, 1], smoothness: .continuous, source: "Collobert 2004"),
    Activation(
      "penalized_tanh", "tanh, a quarter of it for negative input",
      tanh(max(.x, 0)) + 0.25 * tanh(min(.x, 0)), kinks: [0], smoothness: .continuous,
      source: "Xu et al. 2016, arXiv:1602.05980"),
    Activation(
      "arctan", aliases: ["atan"], "the inverse tangent, from -pi/2 to pi/2, with polynomial tails",
      arctan(.x), smoothness: .smooth, source: "elementary"),
    Activation(
      "asinh", aliases: ["arcsinh"], "the inverse hyperbolic sine: linear near 0, logarithmic far out",
      asinh(.x), smoothness: .smooth, source: "elementary"),
    Activation(
      "erf", "the error function, from -1 to 1, with the lightest tails",
      erf(.x), smoothness: .smooth, source: "elementary"),
    Activation(
      "symlog", aliases: ["symmetric_log", "logmoid"],
      "sign(x) ln(1 + |x|): compresses any scale, keeps signs",
      log1p(max(.x, 0)) - log1p(-min(.x, 0)), smoothness: .c1, source: "Hafner et al. 2023, arXiv:2301.04104"),
    Activation(
      "isru", "x / sqrt(1 + x^2), the inverse square root unit: a sigmoid of algebraic operations",
      .x / sqrt(1 + .x.power(2)), smoothness: .smooth, source: "Carlile et al. 2017, arXiv:1710.09967"),
    Activation(
      "sqnl", aliases: ["square_nonlinearity"], "tanh's shape from two parabolas, exactly +-1 beyond +-2",
      max(min(.x, 2), -2) * (1 - abs(max(min(.x, 2), -2)) / 4), smoothness: .c1,
      source: "Wuraola and Patel 2018, doi:10.1109/IJCNN.2018.8489043"),
    Activation(
      "soft_clipping", "a smooth clip to [0, 1]: softplus(x) - softplus(x - 1)",
      log1p(1.718281828459045 * sigmoid(.x - 1)), smoothness: .smooth,
      source: "Klimek and Perelstein 2020, arXiv:1810.11509"),
    Activation(
      "cloglog", aliases: ["complementary_log_log"], "1 - exp(-e^x), an asymmetric sigmoid",
      -expm1(-exp(min(.x, 20))), smoothness: .smooth, source: "Gomes and Ludermir 2008"),
    Activation(
      "laplace", "the normal distribution function of mean 0.7071 and standard deviation 0.2821",
      0.5 * erfc((0.7071067811865476 - .x) / (0.28209479177387814 * 1.4142135623730951)), smoothness: .smooth,
      source: "Ma et al. 2022 (Mega), arXiv:2209.10655"),
    Activation(
      "logsigmoid", aliases: ["log_sigmoid"], "ln of the sigmoid, -softplus(-x)",
      -softplus(-.x), smoothness: .smooth, source: "PyTorch; elementary"),
    Activation(
      "tanhshrink", aliases: ["tanh_shrink"], "x - tanh x: flat at 0, linear far out",
      .x - tanh(.x), smoothness: .smooth, source: "PyTorch"),
    Activation(
      "softshrink", aliases: ["soft_shrink"], "draws x towards 0 by 0.5, and to 0 within +-0.5",
      max(.x - 0.5, 0) + min(.x + 0.5, 0), kinks: [-0.5, 0.5], smoothness: .continuous,
      source: "Donoho and Johnstone 1994, doi:10.1093/biomet/81.3.425"),
    Activation(
      "hardshrink", aliases: ["hard_shrink"], "x, but 0 within +-0.5",
      .x * .select(.greater, abs(.x), 0.5, then: 1, otherwise: 0), jumps: [-0.5, 0.5],
      smoothness: .discontinuous,
      source: "Donoho and Johnstone 1994, doi:10.1093/biomet/81.3.425"),
    Activation(
      "binary_step", aliases: ["heaviside", "hardlim"],
      "1 for positive input, else 0; trained with the derivative of the clip to [-1/2, 1/2]",
      straightThrough(max(sign(.x), 0), max(min(0.5, .x), -0.5)),
      kinks: [-0.5, 0.5], jumps: [0], smoothness: .discontinuous,
      source: "McCulloch and Pitts 1943; Bengio et al. 2013, arXiv:1308.3432"),
    Activation(
      "sign", aliases: ["sgn", "bipolar_step"], "-1, 0 or 1; trained with the derivative of hard_tanh",
      straightThrough(sign(.x), max(min(1, .x), -1)), kinks: [-1, 1], jumps: [0],
      smoothness: .discontinuous, source: "Hubara et al. 2016, arXiv:1602.02830"),
  ]
}
