// Expressions as a hash-consed graph: equal subexpressions are one node, so that they are computed once.

/// A growing list of distinct operations. A node is its index; operands always come before their users.
struct Graph {
  typealias Node = Int

  enum Operation: Hashable {
    /// The pre-activation.
    case x
    /// The upstream gradient dL/dy.
    case upstream
    case constant(Double)
    /// A random number for each element.
    case noise(Noise)
    /// A raw parameter, by index.
    case parameter(Int)
    /// The adjoint of a hoisted node, summed over the elements that share it, by index.
    case reduced(Int)
    case unary(Unary, Node)
    case reciprocal(Node)
    case binary(Binary, Node, Node)
    /// a · b, but 0 wherever a is 0 even if b is infinite: how adjoints multiply, so that no inf · 0 arises.
    case scaled(Node, Node)
    /// a < b (or a ≤ b) ? then : otherwise.
    case select(orEqual: Bool, Node, Node, then: Node, otherwise: Node)
  }

  /// What a node's value depends on, from which follows where it is computed.
  struct Dependence: OptionSet, Hashable {
    let rawValue: UInt8
    static let element = Dependence(rawValue: 1)
    static let parameter = Dependence(rawValue: 2)
  }

  private(set) var operations: [Operation] = []
  private(set) var dependences: [Dependence] = []
  private var nodes: [Operation: Node] = [:]

  var count: Int { operations.count }
  var x: Node { mutating get { node(.x) } }
  var upstream: Node { mutating get { node(.upstream) } }

  /// Whether the node is computed once per parameter set instead of once per element.
  func isHoisted(_ node: Node) -> Bool { dependences[node] == .parameter }
  func dependsOnElement(_ node: Node) -> Bool { dependences[node].contains(.element) }

  // MARK: Construction, with the identities that derivatives bring about

  mutating func constant(_ value: Double) -> Node { node(.constant(value)) }
  mutating func parameter(_ index: Int) -> Node { node(.parameter(index)) }
  mutating func noise(_ noise: Noise) -> Node { node(.noise(noise)) }
  mutating func reduced(_ index: Int) -> Node { node(.reduced(index)) }

  mutating func unary(_ function: Unary, _ u: Node) -> Node {
    if let value = value(of: u) { return constant(function.evaluate(value)) }
    if function == .negate, case .unary(.negate, let inner) = operations[u] { return inner }
    return node(.unary(function, u))
  }

  /// The node of that operation, if it is in the graph.
  func existing(_ operation: Operation) -> Node? { nodes[operation] }

  mutating func reciprocal(_ u: Node) -> Node {
    if let value = value(of: u) { return constant(1 / value) }
    return node(.reciprocal(u))
  }

  mutating func binary(_ function: Binary, _ a: Node, _ b: Node) -> Node {
    if function == .straightThrough { return node(.binary(function, a, b)) }
    let (left, right) = (value(of: a), value(of: b))
    if let left, let right { return constant(function.evaluate(left, right)) }
    switch (function, left, right) {
    case (.add, 0, _), (.multiply, 1, _): return b
    case (.add, _, 0), (.subtract, _, 0), (.multiply, _, 1), (.divide, _, 1), (.power, _, 1): return a
    case (.multiply, 0, _), (.multiply, _, 0), (.divide, 0, _): return constant(0)
    case (.multiply, -1, _): return unary(.negate, b)
    case (.multiply, _, -1): return unary(.negate, a)
    case (.subtract, 0, _): return unary(.negate, b)
    case (.divide, 1, _): return reciprocal(b)
    case (.power, _, let exponent?): return power(a, exponent)
    case (.add, _, _), (.multiply, _, _): return node(.binary(function, min(a, b), max(a, b)))
    case (.divide, _, _) where !dependsOnElement(b): return binary(.multiply, a, reciprocal(b))
    default: return node(.binary(function, a, b))
    }
  }

  /// Small whole exponents by repeated squaring, the rest by the library's function.
  private mutating func power(_ base: Node, _ exponent: Double) -> Node {
    switch exponent {
    case 0: return constant(1)
    case 0.5: return unary(.sqrt, base)
    case 1...8 where exponent == exponent.rounded():
      var result = base
      for bit in String(Int(exponent), radix: 2).dropFirst() {
        result = binary(.multiply, result, result)
        if bit == "1" { result = binary(.multiply, result, base) }
      }
      return result
    case -8 ... -1 where exponent == exponent.rounded(): return reciprocal(power(base, -exponent))
    default: return node(.binary(.power, base, constant(exponent)))
    }
  }

  mutating func scaled(_ adjoint: Node, _ partial: Node) -> Node {
    if value(of: partial) != nil { return binary(.multiply, adjoint, partial) }
    if value(of: adjoint) == 1 { return partial }
    if case .select(let orEqual, let a, let b, let then, let otherwise) = operations[partial],
      let then = value(of: then), let otherwise = value(of: otherwise)
    {
      return select(
        orEqual: orEqual, a, b, then: binary(.multiply, adjoint, constant(then)),
        otherwise: binary(.multiply, adjoint, constant(otherwise)))
    }
    return node(.scaled(adjoint, partial))
  }

  mutating func select(orEqual: Bool, _ a: Node, _ b: Node, then: Node, otherwise: Node) -> Node {
    if then == otherwise { return then }
    if let a = value(of: a), let b = value(of: b) { return (orEqual ? a <= b : a < b) ? then : otherwise }
    return node(.select(orEqual: orEqual, a, b, then: then, otherwise: otherwise))
  }

  /// The node's value, if it is a constant.
  private func value(of node: Node) -> Double? {
    if case .constant(let value) = operations[node] { value } else { nil }
  }

  private mutating func node(_ operation: Operation) -> Node {
    if let known = nodes[operation] { return known }
    nodes[operation] = count
    var dependence: Dependence =
      switch operation {
      case .x, .upstream, .noise: .element
      case .binary(.straightThrough, _, let surrogate): dependences[surrogate]
      case .parameter, .reduced: .parameter
      default: []
      }
    for operand in operation.operands { dependence.formUnion(dependences[operand]) }
    operations.append(operation)
    dependences.append(dependence)
    return count - 1
  }
}

extension Graph.Operation {
  /// The nodes that it reads, in order.
  var operands: [Graph.Node] {
    switch self {
    case .x, .upstream, .constant, .noise, .parameter, .reduced: []
    // The surrogate stands for the derivative alone: no value depends on it.
    case .binary(.straightThrough, let value, _): [value]
    case .unary(_, let u), .reciprocal(let u): [u]
    case .binary(_, let a, let b), .scaled(let a, let b): [a, b]
    case .select(_, let a, let b, let then, let otherwise): [a, b, then, otherwise]
    }
  }
}

// MARK: From expressions

extension Graph {
  /// The node of an expression whose leaves are these nodes.
  mutating func lower(_ expression: Expression, x: Node, parameters: [String: Node]) -> Node {
    switch expression {
    case .x: return x
    case .constant(let value): return constant(value)
    case .parameter(let name): return parameters[name] ?? constant(.nan)
    case .noise(let noise): return self.noise(noise)
    case .unary(let function, let u):
      return unary(function, lower(u, x: x, parameters: parameters))
    case .binary(let function, let a, let b):
      let left = lower(a, x: x, parameters: parameters)
      return binary(function, left, lower(b, x: x, parameters: parameters))
    case .select(let comparison, let a, let b, let then, let otherwise):
      let left = lower(a, x: x, parameters: parameters)
      let right = lower(b, x: x, parameters: parameters)
      let first = lower(then, x: x, parameters: parameters)
      let second = lower(otherwise, x: x, parameters: parameters)
      let orEqual = comparison == .lessOrEqual || comparison == .greaterOrEqual
      let isSwapped = comparison == .greater || comparison == .greaterOrEqual
      return select(
        orEqual: orEqual, isSwapped ? right : left, isSwapped ? left : right, then: first, otherwise: second)
    }
  }

  /// The node of an expression over x and the named parameters, which are used as they are.
  mutating func lower(_ expression: Expression, parameters: [String]) -> Node {
    let nodes = Dictionary(
      parameters.enumerated().map { ($1, parameter($0)) }, uniquingKeysWith: { first, _ in first })
    return lower(expression, x: x, parameters: nodes)
  }
}
