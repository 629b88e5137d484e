// The order in which a program computes the nodes that its outputs need, and which it computes together.

/// Orders nodes, fuses multiplications with the addition that alone uses them, and pairs functions that share work.
struct Schedule {
  enum Step {
    /// The operands are the node's own, or `(a, b, c)` of a · b + c if it is fused to that operation.
    case compute(Graph.Node, operands: [Graph.Node], fusion: Instruction.Operation?)
    case computePair(UnaryPair, Graph.Node, Graph.Node, operand: Graph.Node)
    case accumulate(Graph.Node, output: Int)
    /// Adds `scaled` of the operands, a node that nothing else uses.
    case accumulateScaled(operands: [Graph.Node], output: Int)
  }

  let graph: Graph
  let outputs: [Program.Output]
  /// Slots of the nodes whose values are given.
  let inputs: [Graph.Node: Int]
  private(set) var steps: [Step] = []
  /// Distinct constants, and where each is among them.
  private(set) var constants: [Double] = []
  private(set) var constantIndices: [Graph.Node: Int] = [:]
  private var useCounts: [Graph.Node: Int] = [:]
  private var fusedProducts: [Graph.Node: Graph.Node] = [:]
  /// The outputs to which a node is added that has no other use, and is a scaled adjoint.
  private var scaledOutputs: [Graph.Node: Int] = [:]
  private var isScheduled: Set<Graph.Node> = []
  private var isAccumulated: [Bool]

  init(_ graph: Graph, inputs: [Graph.Node], outputs: [Program.Output], eager: Graph.Node) {
    self.graph = graph
    self.outputs = outputs
    isAccumulated = outputs.map { _ in false }
    self.inputs = Dictionary(zip(inputs, inputs.indices), uniquingKeysWith: { first, _ in first })
    countUses()
    findFusedProducts()
    findScaledOutputs()
    let products = Set(fusedProducts.values)
    for output in outputs where isGiven(output.node) { accumulate(output.node) }
    for node in useCounts.keys.sorted() where node >= eager && !products.contains(node) { schedule(node) }
    for output in outputs { schedule(output.node) }
  }

  private func isGiven(_ node: Graph.Node) -> Bool {
    if case .constant = graph.operations[node] { true } else { inputs[node] != nil }
  }

  private mutating func countUses() {
    var stack: [Graph.Node] = []
    func use(_ node: Graph.Node, _ counts: inout [Graph.Node: Int]) {
      if counts[node] == nil, inputs[node] == nil { stack.append(node) }
      counts[node, default: 0] += 1
    }
    for output in outputs { use(output.node, &useCounts) }
    while let node = stack.popLast() {
      for operand in graph.operations[node].operands { use(operand, &useCounts) }
    }
  }

  private mutating func findFusedProducts() {
    for node in useCounts.keys where !isGiven(node) {
      guard case .binary(.add, let a, let b) = graph.operations[node] else { continue }
      fusedProducts[node] = [a, b].first { operand in
        fusion(of: operand) != nil && useCounts[operand] == 1 && !isGiven(operand)
      }
    }
  }

  /// What an addition becomes whose summand the node is, if that is a product.
  private func fusion(of node: Graph.Node) -> Instruction.Operation? {
    switch graph.operations[node] {
    case .binary(.multiply, _, _): .multiplyAdd
    case .scaled: .scaledAdd
    default: nil
    }
  }

  private mutating func findScaledOutputs() {
    for (index, output) in outputs.enumerated() {
      guard case .accumulate(let node) = output, useCounts[node] == 1, !isGiven(node),
        case .scaled = graph.operations[node]
      else { continue }
      scaledOutputs[node] = index
    }
  }

  private mutating func schedule(_ node: Graph.Node) {
    if case .constant(let value) = graph.operations[node], constantIndices[node] == nil {
      constantIndices[node] = constants.count
      constants.append(value)
    }
    guard !isGiven(node), isScheduled.insert(node).inserted else { return }
    var operands = graph.operations[node].operands
    var fusion: Instruction.Operation?
    if let product = fusedProducts[node], let other = operands.first(where: { $0 != product }) {
      operands = graph.operations[product].operands + [other]
      fusion = self.fusion(of: product)
    }
    for operand in operands { schedule(operand) }
    if case .unary(let function, let operand) = graph.operations[node],
      let (pair, first, second) = pair(function, of: operand)
    {
      isScheduled.formUnion([first, second])
      steps.append(.computePair(pair, first, second, operand: operand))
      accumulate(first)
      accumulate(second)
      return
    }
    if let output = scaledOutputs[node] {
      isAccumulated[output] = true
      steps.append(.accumulateScaled(operands: operands, output: output))
      return
    }
    steps.append(.compute(node, operands: operands, fusion: fusion))
    accumulate(node)
  }

  /// The pair that a function belongs to, if the other one of the same operand has to be computed as well.
  private func pair(
    _ function: Unary, of operand: Graph.Node
  ) -> (pair: UnaryPair, first: Graph.Node, second: Graph.Node)? {
    for pair in UnaryPair.allCases where pair.functions.0 == function || pair.functions.1 == function {
      guard let first = graph.existing(.unary(pair.functions.0, operand)),
        let second = graph.existing(.unary(pair.functions.1, operand)),
        [first, second].allSatisfy({ useCounts[$0] != nil && !isGiven($0) })
      else { continue }
      return (pair, first, second)
    }
    return nil
  }

  /// Accumulates a node into its outputs as soon as it is known, so that it need not live on.
  private mutating func accumulate(_ node: Graph.Node) {
    for (index, output) in outputs.enumerated() where output == .accumulate(node) && !isAccumulated[index] {
      isAccumulated[index] = true
      schedule(node)
      steps.append(.accumulate(node, output: index))
    }
  }
}
