// Whether a formula can be trained: it uses x, and value and derivative are finite on a probe grid.

extension Expression {
  /// Why the formula cannot be trained from these parameter values, or nil.
  ///
  /// Probes 4001 points of [−10, 10] and ±{20, 50, 100} in double precision, value and derivatives by x and by
  /// every parameter.
  public func problem(parameters: [String: Double]) -> String? {
    guard usesX else { return "the formula does not use x" }
    let names = parameters.keys.sorted()
    var graph = Graph()
    let root = graph.lower(self, parameters: names)
    let adjoints = graph.adjoints(of: root, seed: graph.constant(1))
    let inputs = names.map { parameters[$0] ?? .nan }
    let derivatives = ["x"] + names.map { "the parameter `\($0)`" }
    let nodes = [adjoints[graph.x]] + names.indices.map { adjoints[graph.parameter($0)] }
    for x in Self.probes {
      let values = graph.evaluate(x: x, parameters: inputs)
      if !values[root].isFinite {
        return "the value at x = \(Activations.text(of: x)) is \(Self.fault(values[root]))"
      }
      for (derivative, node) in zip(derivatives, nodes) {
        guard let node, !values[node].isFinite else { continue }
        return
          "the derivative by \(derivative) at x = \(Activations.text(of: x)) is \(Self.fault(values[node]))"
      }
    }
    return nil
  }

  private static func fault(_ value: Double) -> String { value.isNaN ? "not a number" : "infinite" }

  /// Nearest to 0 first, so that the fault that is shown is the most telling one.
  private static let probes: [Double] = {
    let sizes = (1...2000).map { Double($0) / 200 } + [20, 50, 100]
    return [0] + sizes.flatMap { [$0, -$0] }
  }()
}
