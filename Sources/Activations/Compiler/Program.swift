// A straight-line program: vector instructions over a few slots of one tile each.

internal import CKernels

/// Two functions of one operand that one kernel computes together for little more than the price of one.
enum UnaryPair: Sendable, Hashable, CaseIterable {
  case sinAndCos
  case tanhAndSlope
  case sigmoidAndSlope

  var functions: (Unary, Unary) {
    switch self {
    case .sinAndCos: (.sin, .cos)
    case .tanhAndSlope: (.tanh, .tanhSlope)
    case .sigmoidAndSlope: (.sigmoid, .sigmoidSlope)
    }
  }
}

/// One instruction: `slots[destination] = operation(slots[a], …)`, lane by lane.
struct Instruction: Sendable, Hashable {
  enum Operation: Sendable, Hashable {
    case copy
    case unary(Unary)
    /// The second function's value goes to `secondDestination`.
    case pair(UnaryPair)
    case reciprocal
    case binary(Binary)
    case scaled
    case multiplyAdd
    case scaledAdd
    case selectLess
    case selectLessOrEqual
  }

  var operation: Operation
  var destination: Int
  var secondDestination = 0
  var a: Int
  var b = 0
  var c = 0
  var d = 0
}

/// Instructions over slots, laid out as inputs, outputs, constants, temporaries.
struct Program: Sendable {
  /// What becomes of a node's value.
  enum Output: Hashable {
    /// Assigned to the output, which may share memory with an input.
    case store(Graph.Node)
    /// Assigned to the output, which shares memory with nothing.
    case record(Graph.Node)
    /// Added to the output.
    case accumulate(Graph.Node)

    var node: Graph.Node {
      switch self {
      case .store(let node), .record(let node), .accumulate(let node): node
      }
    }
  }

  let inputCount: Int
  let outputCount: Int
  /// Constants in the order of their slots.
  let constants: [Float]
  let temporaryCount: Int
  let instructions: [Instruction]

  var inputs: Range<Int> { 0..<inputCount }
  var outputs: Range<Int> { inputCount..<firstConstant }
  var firstConstant: Int { inputCount + outputCount }
  var firstTemporary: Int { firstConstant + constants.count }
  var slotCount: Int { firstTemporary + temporaryCount }

  /// Compiles what the outputs need. `inputs` are the nodes whose values are given, by slot.
  ///
  /// Nodes from `eager` on are computed in the order of their making, the others when first needed: a backward
  /// program thereby uses each forward value soon after computing it, and few temporaries live at once. A stored
  /// output may share memory with any input: it is written after the last reading of an input.
  init(_ graph: Graph, inputs: [Graph.Node], outputs: [Output], eager: Graph.Node? = nil) {
    let schedule = Schedule(graph, inputs: inputs, outputs: outputs, eager: eager ?? graph.count)
    let layout = SlotAssignment(schedule)
    inputCount = inputs.count
    outputCount = outputs.count
    constants = schedule.constants.map(Float.init)
    temporaryCount = layout.temporaryCount
    instructions = layout.instructions
  }

  /// Runs over `count` lanes. `slots[i]` is the memory of slot i.
  func run(
    _ slots: UnsafeMutablePointer<UnsafeMutablePointer<Float>>, count: Int,
    kernels: UnsafePointer<ck_elementwise>
  ) {
    for instruction in instructions {
      let y = slots[instruction.destination]
      let a = UnsafePointer(slots[instruction.a])
      let b = UnsafePointer(slots[instruction.b])
      switch instruction.operation {
      case .copy: y.update(from: a, count: count)
      case .unary(let function): kernels.pointee[function](y, a, count)
      case .pair(let pair): kernels.pointee[pair](y, slots[instruction.secondDestination], a, count)
      case .reciprocal: kernels.pointee.reciprocal(y, a, count)
      case .binary(let function): kernels.pointee[function](y, a, b, count)
      case .scaled: kernels.pointee.scaled(y, a, b, count)
      case .multiplyAdd: kernels.pointee.multiply_add(y, a, b, slots[instruction.c], count)
      case .scaledAdd: kernels.pointee.scaled_add(y, a, b, slots[instruction.c], count)
      case .selectLess:
        kernels.pointee.select_less(y, a, b, slots[instruction.c], slots[instruction.d], count)
      case .selectLessOrEqual:
        kernels.pointee.select_less_or_equal(y, a, b, slots[instruction.c], slots[instruction.d], count)
      }
    }
  }
}

extension Instruction.Operation {
  /// Whether it is an exponential, a logarithm, a sine or one of their kin, which cost several times what arithmetic does.
  var isTranscendental: Bool {
    switch self {
    case .copy, .reciprocal, .scaled, .multiplyAdd, .scaledAdd, .selectLess, .selectLessOrEqual: false
    case .unary(.negate), .unary(.absolute), .unary(.sign), .unary(.sqrt): false
    case .binary(let function): function == .power
    case .unary, .pair: true
    }
  }
}
