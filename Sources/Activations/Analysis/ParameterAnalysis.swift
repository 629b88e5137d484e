// What a parameter can do: whether gradients move it, and whether weights and biases could do the same.

/// What gradients and re-parameterisation say of one trainable parameter.
public struct ParameterAnalysis: Sendable, Hashable {
  /// Whether a gradient reaches the parameter.
  public enum Mobility: String, Sendable, Hashable, CaseIterable {
    case moves
    /// Its derivative is zero at the initial values, but not once the other parameters have moved.
    case late
    /// Its derivative is zero at the initial values and no gradient moves anything that would change that, although
    /// the function depends on it at other values.
    case stuck
    /// Its derivative is zero there and at neighbouring values: the function does not depend on it.
    case noInfluence = "no_influence"
  }

  /// What a unit's own weight, bias and outgoing weight do to its activation.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    case outputScale = "output scale"
    case outputShift = "output shift"
    case inputScale = "input scale"
    case inputShift = "input shift"
  }

  /// The parameter's name.
  public var name: String
  /// Whether gradients can move it from its initial value.
  public var mobility: Mobility
  /// The fewest roles that together do what the parameter does; empty if it changes the shape itself.
  ///
  /// Where every unit has its own parameter, one with roles adds no function that weights and biases could not make.
  public var roles: [Role]

  /// The facts in words, or nil if there is nothing to warn of.
  public var statement: String? {
    switch mobility {
    case .noInfluence: "`\(name)` has no influence"
    case .stuck: "`\(name)` cannot move from its initial value: its derivative is 0 there"
    case .moves where roles.isEmpty, .late where roles.isEmpty: nil
    case .moves, .late:
      "`\(name)` is mere \(roles.map(\.rawValue).joined(separator: " and ")) where every unit has its own"
    }
  }
}

extension ParameterAnalysis {
  /// One for every trainable parameter of a compiled function.
  public static func all(of function: CompiledActivation) -> [ParameterAnalysis] {
    let expression = function.training?.expression ?? function.expression
    return all(of: expression.withTypicalNoise, function.parameters + function.constants)
  }

  /// One for every trainable parameter, in their order, at the initial values.
  ///
  /// A parameter p has roles if ∂f/∂p lies in the span of the derivatives by shifts and scales, {1, f, f′, x f′}, at
  /// the initial and at moved values: relative residual below 1e-8 at 241 points of [−10, 10].
  static func all(of expression: Expression, _ parameters: [Parameter]) -> [ParameterAnalysis] {
    guard parameters.contains(where: \.isTrainable) else { return [] }
    let gradients = ParameterGradients(expression, parameters)
    let initial = gradients.sample(parameters.map(\.initial))
    let trainable = parameters.indices.filter { parameters[$0].isTrainable }
    let movable = Set(trainable.filter { initial.moves($0) })
    let everywhere = [0, 1].map { gradients.sample(parameters.moved($0, only: Set(trainable))) }
    let reached = [0, 1].map { gradients.sample(parameters.moved($0, only: movable)) }
    return trainable.map { index in
      let mobility: Mobility =
        if movable.contains(index) {
          .moves
        } else if reached.contains(where: { $0.moves(index) }) {
          .late
        } else if everywhere.contains(where: { $0.moves(index) }) {
          .stuck
        } else {
          .noInfluence
        }
      let informative = ([initial] + everywhere).filter { $0.moves(index) }
      return ParameterAnalysis(
        name: parameters[index].name, mobility: mobility,
        roles: Self.candidates.first { roles in
          !informative.isEmpty && informative.allSatisfy { $0.isExplained(index, by: roles) }
        } ?? [])
    }
  }

  /// Every set of roles, the fewest first.
  private static let candidates: [[Role]] = (1..<16).map { mask in
    Role.allCases.enumerated().filter { mask >> $0.offset & 1 == 1 }.map(\.element)
  }.sorted { $0.count < $1.count }
}

/// A function's derivatives by its raw parameters at the probe points.
private struct ParameterGradients {
  private let evaluator: PointEvaluator
  private let parameters: [Parameter]

  init(_ expression: Expression, _ parameters: [Parameter]) {
    self.parameters = parameters
    var graph = Graph()
    let root = graph.lower(expression, parameters: parameters.map(\.name))
    let adjoints = graph.adjoints(of: root, seed: graph.constant(1))
    let slope = adjoints[graph.x] ?? graph.constant(0)
    let partials = parameters.indices.map { adjoints[graph.parameter($0)] ?? graph.constant(0) }
    evaluator = PointEvaluator(graph, outputs: [root, slope] + partials)
  }

  struct Sample {
    var values: [Double]
    var slopes: [Double]
    /// By parameter, in the direction of its raw value.
    var partials: [[Double]]

    func moves(_ parameter: Int) -> Bool {
      let size = values.reduce(1) { $1.isFinite ? max($0, abs($1)) : $0 }
      return partials[parameter].contains { abs($0) > 1e-14 * size }
    }

    func isExplained(_ parameter: Int, by roles: [ParameterAnalysis.Role]) -> Bool {
      let columns = roles.map { role -> [Double] in
        switch role {
        case .outputShift: values.map { _ in 1 }
        case .outputScale: values
        case .inputShift: slopes
        case .inputScale: zip(Probes.irregular, slopes).map { $0 * $1 }
        }
      }
      var rest = partials[parameter]
      let size = norm(rest)
      OrthonormalBasis(columns).subtractProjection(from: &rest)
      return norm(rest) < 1e-8 * size
    }
  }

  func sample(_ values: [Double]) -> Sample {
    let results = evaluator.evaluate(at: Probes.irregular, parameters: values)
    var partials = Array(results[2...])
    // A softmax weight moves at the others' expense: ∂f/∂raw = w (∂f/∂w − Σ wⱼ ∂f/∂wⱼ). The raw values of the
    // other constraints only scale the derivative, which changes nothing here.
    let simplex = parameters.indices.filter { parameters[$0].constraint == .simplex }
    for point in Probes.irregular.indices {
      let mean = simplex.reduce(0) { $0 + values[$1] * results[2 + $1][point] }
      for index in simplex { partials[index][point] = values[index] * (results[2 + index][point] - mean) }
    }
    return Sample(values: results[0], slopes: results[1], partials: partials)
  }
}

extension Array where Element == Parameter {
  /// The initial values with some of them moved within their domains, all by different amounts.
  fileprivate func moved(_ pattern: Int, only moved: Set<Int>) -> [Double] {
    var values = indices.map { index -> Double in
      let value = self[index].initial
      guard moved.contains(index) else { return value }
      let amount = (pattern == 0 ? 0.1 : -0.07) * (1 + 0.318 * Double(index % 5))
      return switch self[index].constraint {
      case .none: value + amount * (1 + abs(value))
      case .positive: value * (1 + amount)
      case .unit: value + amount * (amount > 0 ? 1 - value : value)
      case .simplex, .share: value * (1 + amount)
      case .affine: value + amount
      }
    }
    let mixed = indices.filter { [.simplex, .share, .affine].contains(self[$0].constraint) }
    let total = mixed.reduce(0) { $0 + values[$1] }
    for index in mixed where total > 0 { values[index] /= total }
    return values
  }
}

extension Expression {
  /// The function for one draw of its noise that is neither its mean nor its median.
  var withTypicalNoise: Expression {
    substituting { if case .noise = $0 { .constant(0.7) } else { $0 } }
  }
}
