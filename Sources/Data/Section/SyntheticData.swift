// Small problems made from a seed, for trying an activation without bringing data.

import Engine
import Glibc
import JSON

/// The problems that can be made. `noise` is the standard deviation of the normal noise that is added.
public enum SyntheticKind: String, CaseIterable, Sendable {
  /// The corners (0,0), (0,1), (1,0), (1,1) in turn, each moved by the noise; class 1 where the bits differ.
  case xor
  /// Two rings of radius 0.5 (class 1) and 1 (class 0).
  case circles
  /// Two half circles that reach into each other.
  case twoMoons = "two_moons"
  /// Two arms of one and a half turns.
  case spirals
  /// y = sin(x) + noise for x uniform in [-π, π).
  case sine
  /// y = 10 sin(π x₁ x₂) + 20 (x₃ − ½)² + 10 x₄ + 5 x₅ + noise, ten features uniform in [0, 1). Friedman (1991).
  case friedman1
  /// x and y uniform in [0, 1), independent: nothing to learn but the mean. Takes no noise.
  case uniform
}

/// What to make: as many rows as asked for, the same for the same seed.
public struct SyntheticData: Equatable, Sendable {
  /// The problem.
  public var kind: SyntheticKind
  /// Rows to make.
  public var rows: Int
  /// The standard deviation of the noise.
  public var noise: Double
  /// What the random numbers follow from.
  public var seed: UInt64

  /// A problem of `rows` rows with normal noise of standard deviation `noise`.
  package init(kind: SyntheticKind, rows: Int, noise: Double, seed: UInt64) {
    self.kind = kind
    self.rows = rows
    self.noise = noise
    self.seed = seed
  }

  /// The rows. O(rows).
  package func table() -> Table {
    var random = RandomStream(seed: seed, stream: .synthetic)
    var points: [[Double]] = []
    var labels: [Int32] = []
    var values: [Double] = []
    for row in 0..<rows {
      let label = row % 2
      switch kind {
      case .xor:
        let (a, b) = (row / 2 % 2, row % 2)
        points.append([Double(a) + noise * random.normal(), Double(b) + noise * random.normal()])
        labels.append(Int32(a ^ b))
      case .circles:
        let angle = 2 * Double.pi * random.uniformDouble()
        points.append(Self.polar(radius: label == 0 ? 1 : 0.5, angle, noise, &random))
        labels.append(Int32(label))
      case .twoMoons:
        let angle = Double.pi * random.uniformDouble()
        var point = Self.polar(radius: 1, angle, noise, &random)
        if label == 1 { point = [1 - point[0], 0.5 - point[1]] }
        points.append(point)
        labels.append(Int32(label))
      case .spirals:
        let turn = 0.1 + 0.9 * random.uniformDouble()
        let angle = 3 * Double.pi * turn + (label == 0 ? 0 : Double.pi)
        points.append(Self.polar(radius: turn, angle, noise, &random))
        labels.append(Int32(label))
      case .sine:
        let x = Double.pi * (2 * random.uniformDouble() - 1)
        points.append([x])
        values.append(sin(x) + noise * random.normal())
      case .friedman1:
        let x = (0..<10).map { _ in random.uniformDouble() }
        let wave = 10 * sin(Double.pi * x[0] * x[1])
        let bowl = 20 * (x[2] - 0.5) * (x[2] - 0.5)
        points.append(x)
        values.append(wave + bowl + 10 * x[3] + 5 * x[4] + noise * random.normal())
      case .uniform:
        points.append([random.uniformDouble()])
        values.append(random.uniformDouble())
      }
    }
    let features = points[0].indices.map { column in
      Column(name: "x\(column + 1)", values: .numbers(points.map { $0[column] }))
    }
    let target: ColumnValues = labels.isEmpty ? .numbers(values) : .classes(codes: labels, labels: [0, 1])
    return Table(features: features, targets: [Column(name: "y", values: target)])
  }

  private static func polar(
    radius: Double, _ angle: Double, _ noise: Double, _ random: inout RandomStream
  ) -> [Double] {
    [radius * cos(angle) + noise * random.normal(), radius * sin(angle) + noise * random.normal()]
  }
}
