// Moments and gains against the published table.

import Activations
import Testing

@Suite struct MomentsTests {
  /// Name, E f, E f², E f′², forward gain, backward gain, and the printed precision of moments and gains.
  static let table: [(String, Double, Double, Double, Double, Double)] = [
    ("identity", 0, 1, 1, 1, 1), ("sigmoid", 0.5, 0.2934, 0.0448, 1.846, 4.723),
    ("tanh", 0, 0.3943, 0.4644, 1.5925, 1.467), ("parametric_tanh", 0, 0.3943, 0.4644, 1.5925, 1.467),
    ("softsign", 0, 0.1830, 0.2277, 2.338, 2.096), ("hard_tanh", 0, 0.5161, 0.6827, 1.392, 1.210),
    ("hard_sigmoid", 0.5, 0.2776, 0.0277, 1.898, 6.008), ("softplus", 0.8061, 0.9212, 0.2934, 1.042, 1.846),
    ("relu", 0.3989, 0.5, 0.5, 1.4142, 1.4142), ("leaky_relu", 0.3950, 0.5001, 0.5000, 1.4141, 1.4142),
    ("prelu", 0.2992, 0.5313, 0.5312, 1.372, 1.372), ("elu", 0.1605, 0.6449, 0.6681, 1.245, 1.223),
    ("selu", 0, 1, 1.0716, 1, 0.966), ("silu", 0.2066, 0.3558, 0.3795, 1.6765, 1.623),
    ("swish", 0.2066, 0.3558, 0.3795, 1.6765, 1.623), ("gelu", 0.2821, 0.4252, 0.4559, 1.5335, 1.481),
    ("mish", 0.2404, 0.4523, 0.4791, 1.487, 1.445), ("snake", 0.4323, 1.307, 1.500, 0.8746, 0.8165),
    ("arctan", 0, 0.4497, 0.5, 1.491, 1.414), ("erf", 0, 0.4646, 0.5694, 1.467, 1.325),
    ("asinh", 0, 0.6332, 0.6557, 1.257, 1.235), ("squareplus", 1.109, 1.5, 0.2893, 0.8165, 1.859),
    ("logsigmoid", -0.8061, 0.9212, 0.2934, 1.042, 1.846), ("sin", 0, 0.4323, 0.5677, 1.521, 1.327),
    ("cos", 0.6065, 0.5677, 0.4323, 1.327, 1.521), ("gcu", 0, 0.2970, 1, 1.835, 1),
    ("gaussian", 0.5774, 0.4472, 0.3578, 1.495, 1.672), ("abs", 0.7979, 1, 1, 1, 1),
    ("tanhshrink", 0, 0.1829, 0.2530, 2.338, 1.988), ("softshrink", 0, 0.4193, 0.6171, 1.544, 1.273),
    ("rrelu", 0.3075, 0.5263, 0.5263, 1.3785, 1.3785), ("smish", 0.1201, 0.1584, 0.1676, 2.513, 2.443),
    ("serf", 0.2493, 0.5014, 0.5300, 1.412, 1.374), ("logish", 0.1398, 0.1945, 0.2061, 2.268, 2.203),
    ("golu", 0.2589, 0.3196, 0.3475, 1.769, 1.696), ("hard_swish", 0.1662, 0.3316, 0.3585, 1.737, 1.670),
    ("lisht", 0.6057, 0.7579, 0.8657, 1.149, 1.075), ("squared_relu", 0.5, 1.5, 2, 0.8165, 0.7071),
    ("star_relu", 0, 1, 1.6, 1, 0.7906), ("xielu", 0.5284, 1.7355, 2.070, 0.759, 0.695),
    ("poly_relu", 0.5656, 2.275, 3.352, 0.663, 0.546), ("relu6", 0.3989, 0.5, 0.5, 1.4142, 1.4142),
    ("pelu", 0.1605, 0.6449, 0.6681, 1.245, 1.223), ("parametric_sigmoid", 0.5, 0.2934, 0.0448, 1.846, 4.723),
  ]

  @Test(arguments: table)
  func `moments match the published table`(
    _ name: String, _ mean: Double, _ second: Double, _ slope: Double, _ forward: Double, _ backward: Double
  ) throws {
    let moments = try #require(Catalogue.named(name)).moments
    #expect(abs(moments.mean - mean) < (mean > 1 ? 6e-4 : 6e-5))
    #expect(abs(moments.secondMoment - second) < (second > 1 ? 6e-4 : 6e-5))
    #expect(abs(moments.derivativeSecondMoment - slope) < (slope > 1.2 ? 6e-4 : 6e-5))
    #expect(abs(moments.forwardGain - forward) < 6e-4)
    #expect(abs(moments.backwardGain - backward) < 6e-4)
  }

  /// Every entry against a plain sum over a fine grid.
  @Test(arguments: Subject.catalogue)
  func `moments match a sum`(_ subject: Subject) throws {
    let entry = try #require(Catalogue.named(subject.name))
    let values = entry.parameters.initialValues
    let normal = Expression.unary(.exp, .x)
    var (mean, second, total) = (0.0, 0.0, 0.0)
    for step in -48_000...48_000 {
      // Off the grid's round numbers, so that a jump falls between two points.
      let x = (Double(step) + 0.5) / 4000
      let mass = normal.evaluate(x: -x * x / 2)
      let y = entry.expression.evaluate(x: x, parameters: values)
      mean += mass * y
      second += mass * y * y
      total += mass
    }
    let moments = entry.moments
    #expect(agree(moments.mean, mean / total, 1e-6))
    #expect(agree(moments.secondMoment, second / total, 1e-6))
  }

  @Test func `kinks cost no precision`() throws {
    let relu = try #require(Catalogue.named("relu")).moments
    #expect(abs(relu.mean - 1 / (2 * Double.pi).squareRoot()) < 1e-12)
    #expect(abs(relu.secondMoment - 0.5) < 1e-12)
    #expect(abs(relu.derivativeSecondMoment - 0.5) < 1e-12)
  }

  @Test func `mixtures are weighted means`() {
    let one = Moments(mean: 1, secondMoment: 2, derivativeSecondMoment: 3)
    let other = Moments(mean: 5, secondMoment: 6, derivativeSecondMoment: 7)
    let mixture = Moments.mixture([(0.25, one), (0.75, other)])
    #expect(mixture == Moments(mean: 4, secondMoment: 5, derivativeSecondMoment: 6))
  }
}
