// Reverse accumulation: from the adjoint of one node to the adjoints of everything that it depends on, in one pass.

extension Graph {
  /// Adjoints by node. A node without one has the adjoint 0.
  typealias Adjoints = [Node: Node]

  /// The adjoints of all nodes that the root depends on, given the root's own.
  mutating func adjoints(of root: Node, seed: Node) -> Adjoints {
    var adjoints = [root: seed]
    propagate(&adjoints, through: (0...root).reversed(), where: { _, _ in true })
    return adjoints
  }

  /// Adds each node's contributions to its operands' adjoints, for the nodes in descending order that `isWanted`.
  mutating func propagate(
    _ adjoints: inout Adjoints, through nodes: some Sequence<Node>, where isWanted: (Graph, Node) -> Bool
  ) {
    for node in nodes where isWanted(self, node) {
      guard let adjoint = adjoints[node] else { continue }
      for (operand, partial) in partials(of: node) where !dependences[operand].isEmpty {
        let contribution =
          switch partial {
          case .factor(let factor): scaled(adjoint, factor)
          case .gate(let orEqual, let a, let b, let isThen):
            select(
              orEqual: orEqual, a, b, then: isThen ? adjoint : constant(0),
              otherwise: isThen ? constant(0) : adjoint)
          }
        adjoints[operand] = adjoints[operand].map { binary(.add, $0, contribution) } ?? contribution
      }
    }
  }

  /// How an operand's adjoint follows from its user's.
  private enum Partial {
    /// adjoint · factor.
    case factor(Node)
    /// The adjoint where the branch is taken, else 0.
    case gate(orEqual: Bool, Node, Node, isThen: Bool)
  }

  /// The local partial derivatives of a node by its operands, from the one table of derivatives.
  private mutating func partials(of node: Node) -> [(operand: Node, partial: Partial)] {
    switch operations[node] {
    case .x, .upstream, .constant, .noise, .parameter, .reduced:
      return []
    case .binary(.straightThrough, _, let surrogate):
      return [(surrogate, .factor(constant(1)))]
    case .unary(let function, let u):
      let partial = Expression.derivative(of: function, at: .x)
      return [(u, .factor(lower(partial, x: u, parameters: [:])))]
    case .reciprocal(let u):
      return [(u, .factor(unary(.negate, binary(.multiply, node, node))))]
    case .binary(let function, let a, let b):
      let right: Expression =
        if case .constant(let value) = operations[b] { .constant(value) } else { .parameter("b") }
      let partial = Expression.derivatives(of: function, at: .x, right)
      return [
        (a, .factor(lower(partial.a, x: a, parameters: ["b": b]))),
        (b, .factor(lower(partial.b, x: a, parameters: ["b": b]))),
      ]
    case .scaled:
      preconditionFailure("adjoints are not differentiated again")
    case .select(let orEqual, let a, let b, let then, let otherwise):
      return [
        (then, .gate(orEqual: orEqual, a, b, isThen: true)),
        (otherwise, .gate(orEqual: orEqual, a, b, isThen: false)),
      ]
    }
  }
}
