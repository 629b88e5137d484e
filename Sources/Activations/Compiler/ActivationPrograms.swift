// The four programs of an activation: what is computed once per parameter set and what once per element.

/// An expression's programs. With P parameters and H hoisted nodes (values that depend on parameters alone):
///
/// | program | inputs | outputs | runs over |
/// |---|---|---|---|
/// | prologue | P raw parameters | H hoisted values, stored | sets |
/// | value | x, H hoisted values, noise | y, stored | elements |
/// | gradient | x, dy, H hoisted values, noise | adjoints of hoisted nodes, accumulated; dx, stored | elements |
/// | epilogue | P raw parameters, reduced adjoints | P raw gradients, accumulated | sets |
///
/// Noise is an input only where the expression has it.
struct ActivationPrograms: Sendable {
  let prologue: Program
  let value: Program
  let gradient: Program
  let epilogue: Program
  let hoistedCount: Int
  /// Which hoisted values have an adjoint, in the order of the gradient program's accumulated outputs.
  let differentiated: [Int]

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
    value = Program(graph, inputs: [x] + hoisted + noise, outputs: [.store(root)])
    gradient = Program(
      graph, inputs: [x, upstream] + hoisted + noise,
      outputs: hoistedAdjoints.map { .accumulate($0.adjoint) } + [.store(dx)], eager: eager)
    epilogue = Program(
      graph, inputs: raw + reduced, outputs: rawGradients, eager: elementCount)
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
