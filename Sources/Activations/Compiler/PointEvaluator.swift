// Nodes of a graph at many points in double precision, node by node over blocks that stay in cache.

/// The part of a graph that some outputs need, ready to be evaluated. Nodes of the upstream gradient, of reduced adjoints
/// and of noise are NaN.
struct PointEvaluator: Sendable {
  /// The needed operations in order, with operands renumbered to positions in this list.
  private let operations: [Graph.Operation]
  private let outputs: [Int]

  private static let block = 128

  init(_ graph: Graph, outputs: [Graph.Node]) {
    var isNeeded = Array(repeating: false, count: graph.count)
    for output in outputs { isNeeded[output] = true }
    for node in isNeeded.indices.reversed() where isNeeded[node] {
      for operand in graph.operations[node].operands { isNeeded[operand] = true }
    }
    var places = Array(repeating: 0, count: graph.count)
    var needed: [Graph.Operation] = []
    for node in isNeeded.indices where isNeeded[node] {
      places[node] = needed.count
      needed.append(graph.operations[node].renumbered { places[$0] })
    }
    operations = needed
    self.outputs = outputs.map { places[$0] }
  }

  /// The outputs at every point, `[output][point]`.
  func evaluate(at points: [Double], parameters: [Double] = []) -> [[Double]] {
    var results = outputs.map { _ in Array(repeating: 0.0, count: points.count) }
    let width = min(Self.block, points.count)
    var memory = Array(repeating: 0.0, count: operations.count * width)
    memory.withUnsafeMutableBufferPointer { memory in
      var first = 0
      while first < points.count {
        let count = min(width, points.count - first)
        for (place, operation) in operations.enumerated() {
          let y = UnsafeMutableBufferPointer(rebasing: memory[place * width..<place * width + count])
          func operand(_ node: Int) -> UnsafeMutableBufferPointer<Double> {
            UnsafeMutableBufferPointer(rebasing: memory[node * width..<node * width + count])
          }
          switch operation {
          case .x: for i in 0..<count { y[i] = points[first + i] }
          case .upstream, .reduced, .noise: y.update(repeating: .nan)
          case .constant(let value): y.update(repeating: value)
          case .parameter(let index): y.update(repeating: parameters[index])
          case .unary(let function, let u):
            let u = operand(u)
            for i in 0..<count { y[i] = function.evaluate(u[i]) }
          case .reciprocal(let u):
            let u = operand(u)
            for i in 0..<count { y[i] = 1 / u[i] }
          case .binary(let function, let a, let b):
            let (a, b) = (operand(a), operand(b))
            for i in 0..<count { y[i] = function.evaluate(a[i], b[i]) }
          case .scaled(let a, let b):
            let (a, b) = (operand(a), operand(b))
            for i in 0..<count { y[i] = a[i] == 0 ? 0 : a[i] * b[i] }
          case .select(let orEqual, let a, let b, let then, let otherwise):
            let (a, b, then, otherwise) = (operand(a), operand(b), operand(then), operand(otherwise))
            for i in 0..<count {
              y[i] = (orEqual ? a[i] <= b[i] : a[i] < b[i]) ? then[i] : otherwise[i]
            }
          }
        }
        for (index, place) in outputs.enumerated() {
          for i in 0..<count { results[index][first + i] = memory[place * width + i] }
        }
        first += count
      }
    }
    return results
  }

  /// The outputs at one point.
  func evaluate(at x: Double, parameters: [Double] = []) -> [Double] {
    evaluate(at: [x], parameters: parameters).map { $0[0] }
  }
}

extension Graph.Operation {
  fileprivate func renumbered(_ place: (Graph.Node) -> Graph.Node) -> Graph.Operation {
    switch self {
    case .x, .upstream, .constant, .noise, .parameter, .reduced: self
    // The surrogate is no operand of the value, and has no place.
    case .binary(.straightThrough, let value, _): .binary(.straightThrough, place(value), place(value))
    case .unary(let function, let u): .unary(function, place(u))
    case .reciprocal(let u): .reciprocal(place(u))
    case .binary(let function, let a, let b): .binary(function, place(a), place(b))
    case .scaled(let a, let b): .scaled(place(a), place(b))
    case .select(let orEqual, let a, let b, let then, let otherwise):
      .select(orEqual: orEqual, place(a), place(b), then: place(then), otherwise: place(otherwise))
    }
  }
}
