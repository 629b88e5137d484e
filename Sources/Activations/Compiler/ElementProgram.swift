// A program that runs over elements, and which of its slots are what.

/// The slots of a program that runs over elements. Whoever points them at memory knows them by these names alone.
struct ProgramLayout: Sendable, Hashable {
  /// The elements.
  let x: Int
  /// The gradient by the function's value: one slot in programs that compute gradients.
  let upstream: Range<Int>
  /// Values that depend on parameters alone, spread over the lanes.
  let hoisted: Range<Int>
  /// Random numbers: one slot where the function takes any.
  let noise: Range<Int>
  /// What the pass forward leaves for the pass back: outputs of the one, inputs of the other.
  let record: Range<Int>
  /// Adjoints of hoisted values, which are added to: in programs that compute gradients.
  let adjoints: Range<Int>
  /// y, or dx.
  let result: Int
}

/// A program over elements with its layout.
struct ElementProgram: Sendable {
  let program: Program
  let layout: ProgramLayout

  /// What every such program reads.
  struct Inputs {
    var x: Graph.Node
    var hoisted: [Graph.Node]
    var noise: [Graph.Node]
  }

  /// y, and what is recorded on the way. Slots: x, hoisted values, noise; y, the record.
  init(value: Graph.Node, recording recorded: [Graph.Node] = [], _ inputs: Inputs, in graph: Graph) {
    program = Program(
      graph, inputs: [inputs.x] + inputs.hoisted + inputs.noise,
      outputs: [.store(value)] + recorded.map(Program.Output.record))
    let hoisted = 1..<1 + inputs.hoisted.count
    let noise = hoisted.upperBound..<hoisted.upperBound + inputs.noise.count
    layout = ProgramLayout(
      x: 0, upstream: 1..<1, hoisted: hoisted, noise: noise,
      record: noise.upperBound + 1..<noise.upperBound + 1 + recorded.count, adjoints: 0..<0,
      result: noise.upperBound)
  }

  /// dx and the adjoints of hoisted values, given what was recorded. Slots: x, the upstream gradient, hoisted values,
  /// noise, the record; adjoints, dx.
  init(
    gradient dx: Graph.Node, adjoints: [Graph.Node], upstream: Graph.Node,
    replaying recorded: [Graph.Node] = [], _ inputs: Inputs, in graph: Graph, eager: Graph.Node
  ) {
    program = Program(
      graph, inputs: [inputs.x, upstream] + inputs.hoisted + inputs.noise + recorded,
      outputs: adjoints.map(Program.Output.accumulate) + [.store(dx)], eager: eager)
    let hoisted = 2..<2 + inputs.hoisted.count
    let noise = hoisted.upperBound..<hoisted.upperBound + inputs.noise.count
    let record = noise.upperBound..<noise.upperBound + recorded.count
    let sums = record.upperBound..<record.upperBound + adjoints.count
    layout = ProgramLayout(
      x: 0, upstream: 1..<2, hoisted: hoisted, noise: noise, record: record, adjoints: sums,
      result: sums.upperBound)
  }
}
