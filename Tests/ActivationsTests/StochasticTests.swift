// Stochastic activations: the training form with given noise, against double precision and central differences.

import Activations
import Testing

@Suite struct StochasticTests {
  private static let entries = Catalogue.all.filter { $0.training != nil }.map(\.name)

  @Test func `there are some`() { #expect(Self.entries.count >= 10) }

  @Test(arguments: entries)
  func `the training form matches double precision`(_ name: String) throws {
    let entry = try #require(Catalogue.named(name))
    let function = try #require(CompiledActivation(entry).training)
    let kind = try #require(function.noise)
    let raw = function.parameters.initialRaw
    var source = Noise(11)
    for point in stride(from: -3.97, through: 4, by: 0.31) {
      let x = Float(point)
      let noise = kind == .uniform ? abs(source.next(0.999)) : source.next(2)
      let pass = run(function, x: x, raw: raw, noise: noise)
      func value(_ x: Double, _ raw: [Double]) -> Double {
        let values = zip(function.parameters, function.parameters.values(fromRaw: raw))
        return function.expression.evaluate(
          x: x, parameters: Dictionary(uniqueKeysWithValues: values.map { ($0.name, $1) }),
          noise: Double(noise))
      }
      #expect(agree(Double(pass.y), value(Double(x), raw), 2e-6))
      // Kinks move with the noise: a point beside one is left out, as both sides show.
      let slopes = [-1e-3, 0, 1e-3].map { shift in
        centralDifference(at: Double(x) + shift) { value($0, raw) }
      }
      guard abs(slopes[0] - slopes[2]) < 0.02 else { continue }
      #expect(agree(Double(pass.dx), slopes[1], 1e-5), "d/dx at \(x)")
      for index in raw.indices {
        let slope = centralDifference(at: raw[index]) { moved in
          var raw = raw
          raw[index] = moved
          return value(Double(x), raw)
        }
        #expect(agree(Double(pass.dparameters[index]), slope, 1e-5), "parameter \(index) at \(x)")
      }
    }
  }

  @Test(arguments: entries)
  func `training is finite at extremes`(_ name: String) throws {
    let entry = try #require(Catalogue.named(name))
    let function = try #require(CompiledActivation(entry).training)
    for x: Float in [0, 1e-8, 1, 30, 88, 1e4, -1e-8, -1, -30, -88, -1e4] {
      for noise: Float in function.noise == .uniform ? [0, 0.5, 0.9999999] : [-5, 0, 5] {
        let pass = run(function, x: x, raw: function.parameters.initialRaw, noise: noise)
        #expect(pass.y.isFinite && pass.dx.isFinite && pass.dparameters.allSatisfy { $0.isFinite })
      }
    }
  }

  /// What prediction computes is the training form's mean over its noise, for those whose rule is the mean.
  @Test(arguments: ["rrelu", "drop_activation", "prob_act", "elastic_relu"])
  func `prediction is the mean of training`(_ name: String) throws {
    let entry = try #require(Catalogue.named(name))
    let training = try #require(entry.training)
    let values = entry.parameters.initialValues
    let isNormal = ["prob_act"].contains(name)
    for x in [-2.0, -0.5, 0.7, 3] {
      var (sum, total) = (0.0, 0.0)
      for step in 0..<4000 {
        let u = (Double(step) + 0.5) / 4000
        let noise = isNormal ? 12 * u - 6 : u
        let mass = isNormal ? Expression.unary(.exp, .x).evaluate(x: -noise * noise / 2) : 1
        sum += mass * training.evaluate(x: x, parameters: values, noise: noise)
        total += mass
      }
      #expect(agree(entry.expression.evaluate(x: x, parameters: values), sum / total, 1e-4))
    }
  }

  private func run(
    _ function: CompiledActivation, x: Float, raw: [Double], noise: Float
  ) -> (y: Float, dx: Float, dparameters: [Float]) {
    let workspace = function.makeWorkspace(maximumRows: 1, units: 1)
    var (y, dx) = (Float.nan, Float.nan)
    var dparameters = raw.map { _ in Float(0) }
    let parameters = raw.map(Float.init)
    withUnsafePointer(to: x) { x in
      withUnsafePointer(to: noise) { noise in
        withUnsafePointer(to: Float(1)) { dy in
          parameters.withUnsafeBufferPointer { parameters in
            dparameters.withUnsafeMutableBufferPointer { dparameters in
              function.forward(
                x: x, y: &y, rows: 1, units: 1, parameters: parameters.baseAddress, sharing: .all,
                workspace: workspace, noise: noise)
              function.backward(
                x: x, dy: dy, dx: &dx, rows: 1, units: 1, parameters: parameters.baseAddress,
                dparameters: dparameters.baseAddress, sharing: .all, workspace: workspace, noise: noise)
            }
          }
        }
      }
    }
    return (y, dx, dparameters)
  }
}
