// What the generated tests run over: the whole catalogue and what every strategy makes, with a naive reference.

import Activations
import Testing

/// One compiled activation under test.
struct Subject: Sendable, CustomTestStringConvertible {
  let name: String
  let activation: CompiledActivation
  /// Where value or derivative jump.
  let kinks: [Double]

  var testDescription: String { name }

  static let catalogue = Catalogue.all.map {
    Subject(name: $0.name, activation: CompiledActivation($0), kinks: $0.kinks + $0.jumps)
  }

  static let strategies: [Subject] = documents.flatMap { name, document -> [Subject] in
    do {
      let specification = try Strategy(document).specification(seed: 7)
      let compiled: [CompiledActivation] =
        switch specification.kind {
        case .single(let activation): [activation]
        case .random(let choice): choice.candidates + [choice.expected]
        case .generated(let network): [network.target]
        case .mixture(let mixture): [mixture.target]
        }
      return compiled.enumerated().map {
        // Among them the knots of the linear spline.
        Subject(name: "\(name) \($0)", activation: $1, kinks: [-3, -2, -1, 0, 1, 2, 3])
      }
    } catch {
      Issue.record("\(name): \(error)")
      return []
    }
  }

  static let all = catalogue + strategies

  /// One document of every strategy and its important options.
  static let documents: [(String, OptionValue)] = [
    ("fixed", .strategy("fixed", ["function": "gelu"])),
    ("fixed parametric", .strategy("fixed", ["function": "parametric_tanh", "normalize": .bool(true)])),
    (
      "parametric",
      .strategy(
        "parametric",
        ["function": "pelu", "initial": .object([OptionMember("a", .number(0.5))]), "trainable": ["a"]])
    ),
    ("normalized", .strategy("parametric", ["function": "swish", "normalize": .bool(true)])),
    ("random", .strategy("random", ["equalize": .bool(true)])),
    ("network", .strategy("network", [:])),
    (
      "deep network",
      .strategy("network", ["hidden": .list([.number(5), .number(3)]), "inner": "silu", "base": "relu"])
    ),
    ("hypernetwork", .strategy("hypernetwork", ["generates": "snake"])),
    (
      "hypernetwork of units", .strategy("hypernetwork", ["generates": "swish", "granularity": "unit"])
    ),
    ("blend", .strategy("blend", ["candidates": ["sigmoid", "tanh", "relu"]])),
    (
      "convex blend",
      .strategy(
        "blend",
        ["candidates": ["sigmoid", "sin", "identity"], "weights": "convex", "equalize": .bool(true)])
    ),
    ("affine blend", .strategy("blend", ["candidates": ["tanh", "relu", "softplus"], "weights": "affine"])),
    ("cubic spline", .strategy("spline", ["initial": "silu"])),
    (
      "linear spline",
      .strategy(
        "spline", ["order": .number(1), "knots": .number(9), "initial": "tanh", "normalize": .bool(true)])
    ),
    ("rational", .strategy("rational", ["initial": "tanh"])),
    ("rational b", .strategy("rational", ["form": "b", "degrees": .list([.number(3), .number(2)])])),
    ("gaussian kernels", .strategy("kernel", [:])),
    ("softplus kernels", .strategy("kernel", ["kernel": "softplus", "size": .number(7)])),
    ("free blend", .strategy("blend", ["candidates": ["softplus", "relu"], "weights": "free"])),
    ("short expression", .strategy("expression", ["expression": "arctan(2 * x) * asinh(x / 3)"])),
    (
      "mixture",
      .strategy(
        "mixture",
        ["candidates": ["sigmoid", "relu"], "equalize": .bool(true), "initial_temperature": .number(2)])
    ),
    (
      "expression",
      .strategy(
        "expression",
        [
          "expression":
            "where(x < q, k * expm1(min(x, 1)), x / (1 + s * abs(x))) + log1p(x^2) - sqrt(x^2 + 1)",
          "parameters": .object([
            OptionMember("q", .object([OptionMember("initial", .number(-3))])),
            OptionMember(
              "k", .object([OptionMember("initial", .number(2)), OptionMember("constraint", "positive")])),
            OptionMember(
              "s", .object([OptionMember("initial", .number(0.3)), OptionMember("constraint", "unit")])),
          ]),
        ])
    ),
  ]
}

extension OptionValue {
  /// A strategy's document.
  static func strategy(_ name: String, _ options: [String: OptionValue]) -> OptionValue {
    .object(
      [OptionMember("strategy", .string(name))]
        + options.sorted { $0.key < $1.key }.map { OptionMember($0.key, $0.value) })
  }
}

// MARK: The naive reference

extension CompiledActivation {
  /// The value in double precision at raw parameter values.
  func reference(x: Double, raw: [Double]) -> Double { evaluate(expression, x: x, raw: raw) }

  private func evaluate(_ expression: Expression, x: Double, raw: [Double]) -> Double {
    var values: [String: Double] = constants.initialValues
    for (parameter, value) in zip(parameters, parameters.values(fromRaw: raw)) {
      values[parameter.name] = value
    }
    return expression.evaluate(x: x, parameters: values)
  }

  /// d/dx by central differences in double precision, of the function whose derivative is taken.
  func referenceSlope(x: Double, raw: [Double]) -> Double {
    centralDifference(at: x) { evaluate(expression.surrogate, x: $0, raw: raw) }
  }

  /// d/draw by central differences in double precision.
  func referenceSlope(x: Double, raw: [Double], by index: Int) -> Double {
    centralDifference(at: raw[index]) { value in
      var moved = raw
      moved[index] = value
      return evaluate(expression.surrogate, x: x, raw: moved)
    }
  }
}

/// The derivative of a function by central differences of the fourth order.
func centralDifference(at x: Double, _ function: (Double) -> Double) -> Double {
  let h = 5e-5 * max(1, abs(x))
  let near = function(x + h) - function(x - h)
  return (8 * near - (function(x + 2 * h) - function(x - 2 * h))) / (12 * h)
}

/// The results of one forward and one backward pass.
struct Pass: Equatable {
  var y: [Float]
  var dx: [Float]
  /// `[parameter][set]`.
  var dparameters: [Float]
}

extension CompiledActivation {
  /// Runs the compiled programs; the gradients of parameters start from `start`.
  func run(
    x: [Float], dy: [Float], rows: Int, units: Int, raw: [Float], sharing: Sharing, start: Float = 0,
    workspace given: ActivationWorkspace? = nil, record: UnsafeMutablePointer<Float>? = nil
  ) -> Pass {
    let workspace = given ?? makeWorkspace(maximumRows: rows, units: units)
    var pass = Pass(
      y: Array(repeating: .nan, count: x.count), dx: Array(repeating: .nan, count: x.count),
      dparameters: Array(repeating: start, count: raw.count))
    x.withUnsafeBufferPointer { x in
      dy.withUnsafeBufferPointer { dy in
        raw.withUnsafeBufferPointer { raw in
          pass.y.withUnsafeMutableBufferPointer { y in
            pass.dx.withUnsafeMutableBufferPointer { dx in
              pass.dparameters.withUnsafeMutableBufferPointer { dparameters in
                guard let x = x.baseAddress, let dy = dy.baseAddress, let y = y.baseAddress,
                  let dx = dx.baseAddress
                else { return }
                forward(
                  x: x, y: y, rows: rows, units: units, parameters: raw.baseAddress, sharing: sharing,
                  workspace: workspace, record: record)
                backward(
                  x: x, dy: dy, dx: dx, rows: rows, units: units, parameters: raw.baseAddress,
                  dparameters: dparameters.baseAddress, sharing: sharing, workspace: workspace,
                  record: UnsafePointer(record))
              }
            }
          }
        }
      }
    }
    return pass
  }
}

/// Repeatable numbers without a pattern.
struct Noise {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// Uniform in [−limit, limit).
  mutating func next(_ limit: Double) -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float((Double(state >> 11) * 0x1p-52 - 1) * limit)
  }

  mutating func array(_ count: Int, _ limit: Double) -> [Float] { (0..<count).map { _ in next(limit) } }
}

/// Whether two numbers agree up to a relative tolerance, taken absolutely below 1.
func agree(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
