// Liveness and slots: scheduled nodes become instructions over as few temporaries as a linear scan finds.

/// Assigns slots to a schedule's nodes.
struct SlotAssignment {
  private(set) var instructions: [Instruction] = []
  private(set) var temporaryCount = 0

  private let firstTemporary: Int
  private var slots: [Graph.Node: Int] = [:]
  private var lastUses: [Graph.Node: Int] = [:]
  private var freeTemporaries: [Int] = []

  init(_ schedule: Schedule) {
    let firstOutput = schedule.inputs.count
    let firstConstant = firstOutput + schedule.outputs.count
    firstTemporary = firstConstant + schedule.constants.count
    slots = schedule.inputs
    for (node, index) in schedule.constantIndices { slots[node] = firstConstant + index }

    var lastInputUse = -1
    for (index, step) in schedule.steps.enumerated() {
      for node in step.reads {
        lastUses[node] = index
        if schedule.inputs[node] != nil { lastInputUse = index }
      }
    }
    // A stored node is computed in its output if no input is read afterwards, else copied there at the end.
    var stores: [Graph.Node: Int] = [:]
    var records: [Graph.Node: Int] = [:]
    for (index, output) in schedule.outputs.enumerated() {
      switch output {
      case .store(let node):
        if stores[node] == nil { stores[node] = firstOutput + index }
        lastUses[node] = Int.max
      case .record(let node):
        records[node] = firstOutput + index
        lastUses[node] = Int.max
      case .accumulate: break
      }
    }
    func destination(_ node: Graph.Node, _ index: Int, _ layout: inout SlotAssignment) -> Int {
      let output = records[node] ?? (index >= lastInputUse ? stores[node] : nil)
      let slot = output ?? layout.temporary()
      layout.slots[node] = slot
      return slot
    }
    for (index, step) in schedule.steps.enumerated() {
      switch step {
      case .compute(let node, let operands, let fusion):
        let sources = operands.map(slot)
        release(operands, after: index)
        append(
          fusion ?? Instruction.Operation(schedule.graph.operations[node]),
          destination(node, index, &self), sources)
      case .computePair(let pair, let first, let second, let operand):
        // The operand's slot is free only afterwards: no two of the three may be one.
        let source = slot(operand)
        append(.pair(pair), destination(first, index, &self), [source])
        instructions[instructions.count - 1].secondDestination = destination(second, index, &self)
        release([operand], after: index)
      case .accumulateScaled(let operands, let output):
        append(.scaledAdd, firstOutput + output, operands.map(slot) + [firstOutput + output])
        release(operands, after: index)
      case .accumulate(let node, let output):
        append(.binary(.add), firstOutput + output, [firstOutput + output, slot(node)])
        release([node], after: index)
      }
    }
    for (index, output) in schedule.outputs.enumerated() {
      if case .accumulate = output { continue }
      let node = output.node
      guard slot(node) != firstOutput + index else { continue }
      append(.copy, firstOutput + index, [slot(node)])
    }
  }

  private func slot(_ node: Graph.Node) -> Int {
    guard let slot = slots[node] else { preconditionFailure("a node is read before it is computed") }
    return slot
  }

  private mutating func temporary() -> Int {
    if let slot = freeTemporaries.popLast() { return slot }
    temporaryCount += 1
    return firstTemporary + temporaryCount - 1
  }

  private mutating func release(_ nodes: [Graph.Node], after index: Int) {
    for node in Set(nodes).sorted() where lastUses[node] == index && slot(node) >= firstTemporary {
      freeTemporaries.append(slot(node))
    }
  }

  private mutating func append(_ operation: Instruction.Operation, _ destination: Int, _ sources: [Int]) {
    var instruction = Instruction(operation: operation, destination: destination, a: sources[0])
    if sources.count > 1 { instruction.b = sources[1] }
    if sources.count > 2 { instruction.c = sources[2] }
    if sources.count > 3 { instruction.d = sources[3] }
    instructions.append(instruction)
  }
}

extension Schedule.Step {
  fileprivate var reads: [Graph.Node] {
    switch self {
    case .compute(_, let operands, _), .accumulateScaled(let operands, _): operands
    case .computePair(_, _, _, let operand): [operand]
    case .accumulate(let node, _): [node]
    }
  }
}

extension Instruction.Operation {
  init(_ operation: Graph.Operation) {
    switch operation {
    case .unary(let function, _): self = .unary(function)
    case .reciprocal: self = .reciprocal
    case .binary(.straightThrough, _, _): self = .copy
    case .binary(let function, _, _): self = .binary(function)
    case .scaled: self = .scaled
    case .select(let orEqual, _, _, _, _): self = orEqual ? .selectLessOrEqual : .selectLess
    case .x, .upstream, .constant, .noise, .parameter, .reduced:
      preconditionFailure("a given node is computed")
    }
  }
}
