// Splines, rationals and kernel sums: that they start at their named function, and what they are beyond it.

import Activations
import Testing

@Suite struct ShapeTests {
  /// The value at x of what a strategy makes, at its initial parameters.
  private func initial(_ name: String, _ options: [String: OptionValue]) throws -> (Double) -> Double {
    let function = try single(name, options)
    let values = function.parameters.initialValues
    return { function.expression.evaluate(x: $0, parameters: values) }
  }

  private func single(_ name: String, _ options: [String: OptionValue]) throws -> CompiledActivation {
    let specification = try Strategy(.strategy(name, options)).specification(seed: 0)
    guard case .single(let function) = specification.kind else { throw UnexpectedKind() }
    return function
  }

  private struct UnexpectedKind: Error {}

  private func deviation(
    _ function: (Double) -> Double, _ name: String, from: Double, to: Double
  ) throws -> Double {
    let entry = try #require(Catalogue.named(name))
    return (0...600).map { from + (to - from) * Double($0) / 600 }
      .map {
        abs(function($0) - entry.expression.evaluate(x: $0, parameters: entry.parameters.initialValues))
      }
      .max() ?? .infinity
  }

  @Test(arguments: [
    ("sigmoid", 0.02), ("tanh", 0.02), ("silu", 0.02), ("gelu", 0.02), ("mish", 0.02), ("softplus", 0.02),
    ("sin", 0.02), ("gaussian", 0.02), ("elu", 0.02), ("erf", 0.02), ("relu", 0.1), ("leaky_relu", 0.1),
    ("hard_tanh", 0.1), ("abs", 0.1),
  ])
  func `a rational starts at its named function`(_ name: String, _ limit: Double) throws {
    for form in ["a", "b"] {
      let rational = try initial("rational", ["initial": .string(name), "form": .string(form)])
      #expect(try deviation(rational, name, from: -3, to: 3) <= limit, "form \(form)")
    }
  }

  /// Also next to a kink, where the closest fit would ripple.
  @Test(arguments: Catalogue.all.map(\.name), ["a", "b"])
  func `a rational turns no more often than its named function`(_ name: String, _ form: String) throws {
    let entry = try #require(Catalogue.named(name))
    let rational = try initial("rational", ["initial": .string(name), "form": .string(form)])
    func turns(_ function: (Double) -> Double) -> Int {
      let values = (-1500...1500).map { function(Double($0) / 500) }
      let size = values.map(abs).max() ?? 0
      var (rises, last, count) = (Bool?.none, values[0], 0)
      for value in values where abs(value - last) > 1e-9 * max(size, 1e-3) {
        if let rises, rises != (value > last) { count += 1 }
        (rises, last) = (value > last, value)
      }
      return count
    }
    let values = entry.parameters.initialValues
    let own = turns { entry.expression.evaluate(x: $0, parameters: values) }
    #expect(turns(rational) <= own)
  }

  @Test func `a rational starts at given coefficients`() throws {
    let rational = try initial(
      "rational",
      [
        "degrees": .list([.number(2), .number(1)]), "form": "b",
        "values": .object([
          OptionMember("a", .list([.number(1), .number(-2), .number(0.5)])),
          OptionMember("b", .list([.number(-3)])),
        ]),
      ])
    for x in [-2.0, -0.25, 0, 0.5, 3] {
      #expect(agree(rational(x), (1 - 2 * x + 0.5 * x * x) / (1 + abs(-3 * x)), 1e-14))
    }
  }

  /// A coefficient of exactly 0 would never move: |b| has the derivative 0 there.
  @Test func `no coefficient of the divisor is stuck`() throws {
    for name in ["identity", "square", "cube", "tanh", "relu"] {
      for form in ["a", "b"] {
        let function = try single("rational", ["initial": .string(name), "form": .string(form)])
        for index in function.parameters.indices where function.parameters[index].name.hasPrefix("b_") {
          #expect(abs(function.parameters[index].initial) >= 1e-3)
          let raw = function.parameters.initialRaw
          let slopes = [-2.0, -1, 0.5, 1, 2].map { abs(function.referenceSlope(x: $0, raw: raw, by: index)) }
          #expect(slopes.contains { $0 > 1e-6 }, "\(name) \(form) \(function.parameters[index].name)")
        }
      }
    }
  }

  @Test(arguments: ["tanh", "silu", "leaky_relu", "sin", "sigmoid"], [1.0, 3])
  func `a spline starts at its named function and goes on straight`(_ name: String, _ order: Double) throws {
    let spline = try initial("spline", ["initial": .string(name), "order": .number(order)])
    let limit = order == 1 ? 0.03 : name == "leaky_relu" ? 0.06 : 0.002
    #expect(try deviation(spline, name, from: -4, to: 4) < limit)
    for end in [-4.0, 4] {
      let slope = spline(end + end) - spline(end + end / 2)
      #expect(agree(spline(3 * end) - spline(3 * end - end / 2), slope, 1e-9))
      #expect(agree(spline(end * 1.001), spline(end), 0.01))
    }
  }

  /// The kernel computes what the expression says, at random coefficients, inside and far outside the grid.
  @Test(arguments: [1, 3], CompiledActivation.Sharing.allCases)
  func `the spline kernel is the expression`(_ order: Int, _ sharing: CompiledActivation.Sharing) throws {
    let spline = try single("spline", ["order": .number(Double(order)), "knots": .number(8)])
    // The same formula without the kernel.
    let programs = CompiledActivation(spline.expression, parameters: spline.parameters)
    let (rows, units) = (40, 3)
    let sets = sharing == .all ? 1 : sharing == .unit ? units : rows
    var noise = Noise(UInt64(order))
    let raw = noise.array(spline.parameters.count * sets, 2)
    let x = noise.array(rows * units - 2, 9) + [100, -100]
    let dy = noise.array(rows * units, 1)
    let fast = spline.run(x: x, dy: dy, rows: rows, units: units, raw: raw, sharing: sharing, start: 0.5)
    let slow = programs.run(x: x, dy: dy, rows: rows, units: units, raw: raw, sharing: sharing, start: 0.5)
    for (a, b) in zip(fast.y, slow.y) { #expect(agree(Double(a), Double(b), 3e-5)) }
    for (a, b) in zip(fast.dx, slow.dx) { #expect(agree(Double(a), Double(b), 3e-5)) }
    for (a, b) in zip(fast.dparameters, slow.dparameters) { #expect(agree(Double(a), Double(b), 3e-5)) }
    let broken = spline.run(
      x: [.nan, .infinity, -.infinity], dy: [1, 1, 1], rows: 3, units: 1,
      raw: Array(repeating: 1, count: spline.parameters.count), sharing: .all)
    #expect(broken.y[0].isNaN)
  }

  @Test(arguments: ["gaussian", "softplus"])
  func `kernel sums start at their named function`(_ kernel: String) throws {
    for name in ["tanh", "silu", "leaky_relu", "sin"] {
      let sum = try initial("kernel", ["initial": .string(name), "kernel": .string(kernel)])
      let found = try deviation(sum, name, from: -3, to: 3)
      #expect(found < (name == "leaky_relu" ? 0.16 : 0.07), "\(name)")
    }
  }

  @Test func `blends of each kind start at equal weights`() throws {
    for weights in ["softmax", "convex", "affine", "free"] {
      let blend = try single(
        "blend", ["candidates": ["tanh", "relu", "identity", "sin"], "weights": .string(weights)])
      let values = blend.parameters.values(fromRaw: blend.parameters.initialRaw)
      for value in values { #expect(agree(value, 0.25, 1e-12)) }
      let moved = blend.parameters.values(fromRaw: [-3, 0.5, 2, 1])
      if weights != "free" { #expect(agree(moved.reduce(0, +), 1, 1e-12), "\(weights)") }
      if weights == "softmax" || weights == "convex" { #expect(moved.allSatisfy { $0 > 0 }) }
      if weights == "affine" { #expect(moved.contains { $0 < 0 }) }
    }
  }
}
