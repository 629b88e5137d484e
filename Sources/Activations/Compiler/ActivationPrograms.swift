// The programs of an activation: what is computed once per parameter set, what once per element, and what is kept.

/// An expression's programs (``ProgramLayout`` has the slots of those over elements). With P parameters and H hoisted nodes (values that depend on parameters alone):
///
/// | program | inputs | outputs | runs over |
/// |---|---|---|---|
/// | prologue | P raw parameters | H hoisted values, stored | sets |
/// | value | x, H hoisted values, noise | y, stored | elements |
/// | gradient | x, dy, H hoisted values, noise | adjoints of hoisted nodes, accumulated; dx, stored | elements |
/// | recording value | as value | y, stored; R recorded nodes |  elements |
/// | replaying gradient | as gradient, and R recorded nodes | as gradient | elements |
/// | epilogue | P raw parameters, reduced adjoints | P raw gradients, accumulated | sets |
///
/// Noise is an input only where the expression has it. Recorded are the costly functions that the gradient needs, so
/// that a training step computes each of them once.
struct ActivationPrograms: Sendable {
  let prologue: Program
  let value: ElementProgram
  let gradient: ElementProgram
  /// The same two if the value's pass leaves a record for the gradient's; nil where there is nothing to record.
  let recording: (value: ElementProgram, gradient: ElementProgram)?
  let epilogue: Program
  let parameterCount: Int
  let hoistedCount: Int
  /// Which hoisted values have an adjoint, in the order of the gradient program's accumulated outputs.
  let differentiated: [Int]

  /// The most numbers per element that are worth their way through memory: more are computed again.
  static let longestRecord = 4

  init(_ expression: Expression, parameters: [Parameter], constants: [Parameter]) {
    var graph = Graph()
    let raw = parameters.indices.map { graph.parameter($0) }
    var leaves = graph.constrained(parameters)
    for constant in constants { leaves[constant.name] = graph.constant(constant.initial) }
    let x = graph.x
    let noise = expression.noise.map { [graph.noise($0)] } ?? []
    let root = graph.lower(expression, x: x, parameters: leaves)

    let upstream = graph.upstream
    var adjoints: Graph.Adjoints = [root: upstream]
    let eager = graph.count
    graph.propagate(&adjoints, through: (0...root).reversed()) { $0.dependsOnElement($1) }
    let dx = adjoints[x] ?? graph.constant(0)
    let hoistedAdjoints = (0...root).compactMap { node in
      graph.isHoisted(node) ? adjoints[node].map { (node: node, adjoint: $0) } : nil
    }
    let hoisted = graph.hoisted(
      neededBy: [root, dx] + hoistedAdjoints.map(\.adjoint), and: hoistedAdjoints.map(\.node))

    var setAdjoints: Graph.Adjoints = [:]
    for (index, entry) in hoistedAdjoints.enumerated() { setAdjoints[entry.node] = graph.reduced(index) }
    let reduced = hoistedAdjoints.indices.map { graph.reduced($0) }
    let elementCount = graph.count
    graph.propagate(&setAdjoints, through: (0...root).reversed()) { $0.isHoisted($1) }
    // A parameter that the expression does not use has the gradient 0, which may be a new node: before the graph is
    // handed on.
    let rawGradients = raw.map { Program.Output.accumulate(setAdjoints[$0] ?? graph.constant(0)) }

    prologue = Program(graph, inputs: raw, outputs: hoisted.map(Program.Output.store))
    let inputs = ElementProgram.Inputs(x: x, hoisted: hoisted, noise: noise)
    let sums = hoistedAdjoints.map(\.adjoint)
    value = ElementProgram(value: root, inputs, in: graph)
    gradient = ElementProgram(
      gradient: dx, adjoints: sums, upstream: upstream, inputs, in: graph, eager: eager)
    let costly = graph.costly(neededBy: sums + [dx], besides: upstream)
    recording =
      costly.isEmpty || costly.count > Self.longestRecord
      ? nil
      : (
        ElementProgram(value: root, recording: costly, inputs, in: graph),
        ElementProgram(
          gradient: dx, adjoints: sums, upstream: upstream, replaying: costly, inputs, in: graph, eager: eager
        )
      )
    epilogue = Program(
      graph, inputs: raw + reduced, outputs: rawGradients, eager: elementCount)
    parameterCount = parameters.count
    hoistedCount = hoisted.count
    differentiated = hoistedAdjoints.compactMap { entry in hoisted.firstIndex(of: entry.node) }
  }
}

extension Graph {
  /// The nodes of the constrained values by name, made from the raw parameters.
  fileprivate mutating func constrained(_ parameters: [Parameter]) -> [String: Node] {
    let logits = parameters.indices.filter { parameters[$0].constraint == .simplex }.map { parameter($0) }
    // softmax without overflow: the k-th weight is 1 / Σⱼ exp(zⱼ − zₖ), and an infinite sum gives 0.
    func weight(_ own: Node, _ graph: inout Graph) -> Node {
      var total = graph.constant(0)
      for logit in logits {
        let difference = graph.binary(.subtract, logit, own)
        total = graph.binary(.add, total, logit == own ? graph.constant(1) : graph.unary(.exp, difference))
      }
      return graph.reciprocal(total)
    }
    let free = parameters.indices.filter { parameters[$0].constraint == .affine }.map { parameter($0) }
    let shares = parameters.indices.filter { parameters[$0].constraint == .share }
      .map { unary(.softplus, parameter($0)) }
    var leaves: [String: Node] = [:]
    for (index, entry) in parameters.enumerated() {
      let raw = parameter(index)
      leaves[entry.name] =
        switch entry.constraint {
        case .none: raw
        case .positive: unary(.softplus, raw)
        case .unit: unary(.sigmoid, raw)
        case .simplex: weight(raw, &self)
        case .share: binary(.divide, unary(.softplus, raw), sum(shares))
        case .affine:
          binary(
            .add, raw,
            binary(
              .multiply, constant(1 / Double(free.count)), binary(.subtract, constant(1), sum(free))))
        }
    }
    return leaves
  }

  private mutating func sum(_ nodes: [Node]) -> Node {
    nodes.reduce(constant(0)) { binary(.add, $0, $1) }
  }

  /// The functions of elements that dominate the cost of the roots and do not depend on the node `upstream`.
  fileprivate func costly(neededBy roots: [Node], besides upstream: Node) -> [Node] {
    var needed = Set(roots)
    for node in operations.indices.reversed() where needed.contains(node) {
      needed.formUnion(operations[node].operands)
    }
    var dependents: Set<Node> = [upstream]
    for node in operations.indices where !dependents.isDisjoint(with: operations[node].operands) {
      dependents.insert(node)
    }
    return needed.subtracting(dependents).sorted().filter {
      dependsOnElement($0) && !operations[$0].operands.isEmpty
        && Instruction.Operation(operations[$0]).isTranscendental
    }
  }

  /// The hoisted nodes that element nodes read directly on the way to the roots, with the `additional` ones.
  fileprivate func hoisted(neededBy roots: [Node], and additional: [Node]) -> [Node] {
    var found = Set(additional)
    var seen: Set<Node> = []
    var stack = roots
    while let node = stack.popLast() {
      if isHoisted(node) {
        found.insert(node)
      } else if seen.insert(node).inserted {
        stack.append(contentsOf: operations[node].operands)
      }
    }
    return found.sorted()
  }
}
