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
    ("pelu", 0.1605, 0.6449, 0.6681, 1.245, 1.223), ("parametric_sigmoid", 0.5, 0.2934, 0.0448, 1.846, 4.723),
  ]

  @Test(arguments: table)
  func matchThePublishedTable(
    _ name: String, _ mean: Double, _ second: Double, _ slope: Double, _ forward: Double, _ backward: Double
  ) throws {
    let moments = try #require(Catalogue.named(name)).moments
    #expect(abs(moments.mean - mean) < 6e-5)
    #expect(abs(moments.secondMoment - second) < (second > 1 ? 6e-4 : 6e-5))
    #expect(abs(moments.derivativeSecondMoment - slope) < (slope > 1.2 ? 6e-4 : 6e-5))
    #expect(abs(moments.forwardGain - forward) < 6e-4)
    #expect(abs(moments.backwardGain - backward) < 6e-4)
  }

  @Test func tableCoversTheCatalogue() {
    #expect(Set(Self.table.map(\.0)) == Set(Catalogue.names))
  }

  @Test func kinksCostNoPrecision() throws {
    let relu = try #require(Catalogue.named("relu")).moments
    #expect(abs(relu.mean - 1 / (2 * Double.pi).squareRoot()) < 1e-12)
    #expect(abs(relu.secondMoment - 0.5) < 1e-12)
    #expect(abs(relu.derivativeSecondMoment - 0.5) < 1e-12)
  }

  @Test func mixturesAreWeightedMeans() {
    let one = Moments(mean: 1, secondMoment: 2, derivativeSecondMoment: 3)
    let other = Moments(mean: 5, secondMoment: 6, derivativeSecondMoment: 7)
    let mixture = Moments.mixture([(0.25, one), (0.75, other)])
    #expect(mixture == Moments(mean: 4, secondMoment: 5, derivativeSecondMoment: 6))
  }
}
