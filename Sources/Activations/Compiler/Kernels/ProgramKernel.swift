// Passes by programs: parameters are hoisted, spread over tiles, and their gradients summed up.

/// Runs an activation's programs, tile by tile.
struct ProgramKernel: ActivationKernel {
  private let code: ActivationPrograms

  init(_ programs: ActivationPrograms) { code = programs }

  var programs: ActivationPrograms? { code }
  var recordedCount: Int { code.recording?.value.layout.record.count ?? 0 }

  func makeWorkspace(maximumSets: Int) -> ActivationWorkspace {
    ActivationWorkspace(.programs(ProgramMemory(code, maximumSets: maximumSets)))
  }

  func forward(_ pass: ForwardPass, _ workspace: ActivationWorkspace) {
    let memory = workspace.programs
    // Where nothing is worth recording the record is empty, and the programs are the same.
    let element = pass.record == nil ? code.value : code.recording?.value ?? code.value
    let frame = pass.record == nil ? memory.value : memory.recordingValue
    let layout = element.layout
    forEachTile(of: pass, memory) { offset, count in
      frame.slots[layout.x] = UnsafeMutablePointer(mutating: pass.x + offset)
      frame.slots[layout.result] = pass.y + offset
      if let record = pass.record {
        frame.point(layout.record, to: record + offset * layout.record.count, stride: count)
      }
      if let noise = pass.noise {
        frame.point(layout.noise, to: UnsafeMutablePointer(mutating: noise + offset), stride: count)
      }
      element.program.run(frame.slots, count: count, kernels: memory.kernels)
    }
  }

  func backward(_ pass: BackwardPass, _ workspace: ActivationWorkspace) {
    let memory = workspace.programs
    let element = pass.record == nil ? code.gradient : code.recording?.gradient ?? code.gradient
    let frame = pass.record == nil ? memory.gradient : memory.replayingGradient
    let layout = element.layout
    forEachTile(of: pass, memory) { offset, count in
      frame.slots[layout.x] = UnsafeMutablePointer(mutating: pass.x + offset)
      frame.point(layout.upstream, to: UnsafeMutablePointer(mutating: pass.dy + offset), stride: count)
      frame.slots[layout.result] = pass.dx + offset
      if let record = pass.record {
        frame.point(
          layout.record, to: UnsafeMutablePointer(mutating: record + offset * layout.record.count),
          stride: count)
      }
      if let noise = pass.noise {
        frame.point(layout.noise, to: UnsafeMutablePointer(mutating: noise + offset), stride: count)
      }
      element.program.run(frame.slots, count: count, kernels: memory.kernels)
    }
  }
}

// MARK: - Parameters on their way to the tiles and back

extension ProgramKernel {
  /// Calls `body` with the offset and the count of every tile, the hoisted values spread over its lanes.
  func forEachTile(
    of pass: ForwardPass, _ memory: ProgramMemory, _ body: (_ offset: Int, _ count: Int) -> Void
  ) {
    let tiling = pass.tiling
    hoist(pass.parameters, sets: tiling.setCount, memory)
    for index in 0..<tiling.groupCount {
      let group = tiling.group(index)
      spread(group, sets: tiling.setCount, memory)
      for tile in 0..<group.tileCount {
        let offset = group.tileOffset(tile)
        body(offset, group.count(at: offset))
      }
    }
  }

  /// The same, with the adjoints that `body` adds to ``ProgramMemory/sums`` turned into gradients of the parameters.
  func forEachTile(
    of pass: BackwardPass, _ memory: ProgramMemory, _ body: (_ offset: Int, _ count: Int) -> Void
  ) {
    let tiling = pass.tiling
    let sets = tiling.setCount
    hoist(pass.parameters, sets: sets, memory)
    for index in 0..<tiling.groupCount {
      let group = tiling.group(index)
      spread(group, sets: sets, memory)
      memory.sums.update(repeating: 0, count: code.hoistedCount * Tiling.width)
      for tile in 0..<group.tileCount {
        let offset = group.tileOffset(tile)
        body(offset, group.count(at: offset))
      }
      for (adjoint, node) in code.differentiated.enumerated() {
        group.reduce(
          memory.sums + node * Tiling.width, into: memory.reduced + adjoint * sets, kernels: memory.sumKernels
        )
      }
    }
    if let parameters = pass.parameters, let gradients = pass.dparameters, tiling.groupCount > 0 {
      unhoist(parameters, gradients, sets: sets, memory)
    }
  }

  /// The prologue: hoisted values of every set from its raw parameters.
  private func hoist(_ parameters: UnsafePointer<Float>?, sets: Int, _ memory: ProgramMemory) {
    guard code.hoistedCount > 0 else { return }
    guard let parameters, sets <= memory.maximumSets else {
      preconditionFailure("parameters are missing, or the workspace was made for fewer rows or units")
    }
    let program = code.prologue
    let frame = memory.prologue
    var first = 0
    while first < sets {
      frame.point(program.inputs, to: UnsafeMutablePointer(mutating: parameters + first), stride: sets)
      frame.point(program.outputs, to: memory.hoisted + first, stride: sets)
      program.run(frame.slots, count: min(Tiling.width, sets - first), kernels: memory.kernels)
      first += Tiling.width
    }
  }

  private func spread(_ group: TileGroup, sets: Int, _ memory: ProgramMemory) {
    for node in 0..<code.hoistedCount {
      group.spread(memory.hoisted + node * sets, over: memory.spread + node * Tiling.width)
    }
  }

  /// The epilogue: raw-parameter gradients of every set from the reduced adjoints.
  private func unhoist(
    _ parameters: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>, sets: Int,
    _ memory: ProgramMemory
  ) {
    let program = code.epilogue
    let frame = memory.epilogue
    let raw = program.inputs.prefix(code.parameterCount)
    let adjoints = program.inputs.dropFirst(code.parameterCount)
    var first = 0
    while first < sets {
      frame.point(raw, to: UnsafeMutablePointer(mutating: parameters + first), stride: sets)
      frame.point(adjoints, to: memory.reduced + first, stride: sets)
      frame.point(program.outputs, to: gradients + first, stride: sets)
      program.run(frame.slots, count: min(Tiling.width, sets - first), kernels: memory.kernels)
      first += Tiling.width
    }
  }
}
