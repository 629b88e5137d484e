// Made-up layers that the plot's tests draw.

import Export
import Foundation

enum Panels {
  static let x = (0...240).map { -6 + Double($0) / 20 }

  static func histogram(from low: Double, to high: Double) -> ActivationPlot.Histogram? {
    ActivationPlot.Histogram(
      edges: (0...16).map { low + (high - low) * Double($0) / 16 },
      counts: (0..<16).map { Double(($0 + 1) * (16 - $0)) })
  }

  static let sigmoid = ActivationPlot.Panel(
    title: "layers.0.activation", formula: "sigmoid(a * x + b)",
    caption: [NumberText.change("a", from: 1, to: 2.82), "nearest: sigmoid, R² 0.998"], x: x,
    initial: x.map { 1 / (1 + exp(-$0)) }, trained: [x.map { 1 / (1 + exp(0.15 - 2.82 * $0)) }],
    derivative: x.map { 2.82 / (2 + exp(0.15 - 2.82 * $0) + exp(2.82 * $0 - 0.15)) },
    inputs: histogram(from: -3, to: 4))

  /// Rectifiers whose negative slopes differ.
  static func rectifiers(units: Int) -> ActivationPlot.Panel {
    let slopes = (0..<units).map { Double($0) / Double(units) - 0.3 }
    return ActivationPlot.Panel(
      title: "layers.2.activation", formula: "max(x, 0) + a * min(x, 0)", x: x,
      initial: x.map { $0 > 0 ? $0 : 0.25 * $0 }, trained: slopes.map { a in x.map { $0 > 0 ? $0 : a * $0 } },
      derivative: x.map { $0 > 0 ? 1 : 0.2 }, inputs: histogram(from: -5, to: 5))
  }

  /// What no training should give, but may.
  static let degenerate: [ActivationPlot.Panel] = [
    .init(title: "nothing", formula: "", x: [], trained: []),
    .init(title: "one point", formula: "x", x: [1], initial: [1], trained: [[2]], derivative: [1]),
    .init(
      title: "constant", formula: "0", x: x, initial: x.map { _ in 0 }, trained: [x.map { _ in 3.25 }],
      derivative: x.map { _ in 0 }),
    .init(
      title: "only NaN", formula: "0 / 0", x: x, trained: [x.map { _ in .nan }],
      derivative: x.map { _ in .nan }),
    .init(
      title: "pole", formula: "1 / x", x: x, trained: [x.map { 1 / $0 }], derivative: x.map { -1 / ($0 * $0) }
    ),
    .init(
      title: "thousandfold", formula: "1000 * tanh(x)", x: x, initial: x.map { tanh($0) },
      trained: [x.map { 1000 * tanh($0) }], inputs: histogram(from: -0.001, to: 0.001)),
    .init(title: "huge", formula: "exp(50 * x)", x: x, initial: x, trained: [x.map { exp(50 * $0) }]),
    .init(title: "tiny", formula: "1e-9 * x", x: x, trained: [x.map { 1e-9 * $0 }, x.map { -1e-9 * $0 }]),
    .init(title: "denormal", formula: "1e-310 * x", x: x, trained: [x.map { 1e-300 * $0 * 1e-10 }]),
    .init(title: "x too near", formula: "x", x: [1, 1 + 1e-12], trained: [[1, 2]]),
    .init(title: "x not finite", formula: "x", x: [-.infinity, 0, 1, .nan], trained: [[1, 2, 3, 4]]),
    .init(title: "offset", formula: "1e6 + sin(x)", x: x, trained: [x.map { 1e6 + sin($0) }]),
    .init(
      title: "infinite", formula: "1e308 * x", x: x, trained: [x.map { 1e308 * $0 }],
      derivative: x.map { _ in 1e308 }),
    .init(
      title: "unequal lengths", formula: "x", x: x, initial: [1, 2], trained: [[1, 2, 3], []], derivative: [1]
    ),
    .init(title: "inputs elsewhere", formula: "x", x: x, trained: [x], inputs: histogram(from: 100, to: 200)),
    .init(
      title: String(repeating: "a long name ", count: 20),
      formula: String(repeating: "tanh(w * x) + ", count: 400),
      caption: [String(repeating: "word ", count: 80), String(repeating: "x", count: 500)], x: x,
      trained: [x],
      notes: [String(repeating: "A note. ", count: 60)]),
  ]
}
