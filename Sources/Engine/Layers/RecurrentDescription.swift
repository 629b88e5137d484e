// What a recurrent layer of any cell is before anything is allocated.

import Activations

/// A layer of cells that read [steps, features].
struct RecurrentDescription<Cell: RecurrentCell>: LayerDescription {
  var name: String
  var cell: Cell
  var units: Int
  /// The candidate's, and the gates', by their indices; nil: the identity, the sigmoid.
  var activation: Int?
  var gates: Int?
  var output: LayerSpecification.OutputActivation
  var options: RecurrentOptions

  var isPositionwise: Bool { false }
  var isRecurrent: Bool { true }

  /// A simple cell gives what its function gives; the others weigh it.
  var signal: LayerSignal { activation != nil && Cell.blocks == 1 ? .activation : .unknown }

  private var layout: CellLayout { CellLayout(units: units, blocks: Cell.blocks, candidate: Cell.candidate) }
  private var directions: Int { options.merge == nil ? 1 : 2 }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    guard case .sequence(let steps, _) = input else { throw ShapeFault(.needs("[steps, features]")) }
    let width = options.merge == .concat ? 2 * units : units
    return options.returnsSequences ? .sequence(steps: steps, features: width) : .features(width)
  }

  // MARK: Parameters

  private var sites: [(site: CellSite, index: Int, columns: Int)] {
    var sites: [(site: CellSite, index: Int, columns: Int)] = []
    if let activation { sites.append((.candidate, activation, units)) }
    if let gates { sites.append((.gates, gates, layout.gateWidth)) }
    if case .own(let index) = output { sites.append((.output, index, units)) }
    return sites
  }

  var activationIndices: [Int] { sites.map(\.index) }

  func activations(from input: RowShape) -> [ActivationUse] {
    sites.map { ActivationUse(index: $0.index, member: $0.site.rawValue, units: $0.columns * directions) }
  }

  func tensors(from input: RowShape) -> [LayerTensor] {
    let width = layout.width
    var tensors = [
      LayerTensor("weight", [input.channels, width], .weight),
      LayerTensor("recurrent_weight", [units, width], .weight),
    ]
    if options.usesBias {
      tensors.append(LayerTensor("bias", [width], .bias))
      if cell.hasOwnRecurrentGradient { tensors.append(LayerTensor("recurrent_bias", [units], .bias)) }
    }
    guard directions == 2 else { return tensors }
    return ["forward", "backward"].flatMap { direction in
      tensors.map { LayerTensor("\(direction).\($0.name)", $0.shape, $0.role) }
    }
  }

  func multiplyAdds(from input: RowShape) -> Int {
    input.positions * directions * layout.width * (input.channels + units)
  }

  /// Values and gradients of every step.
  func values(from input: RowShape) -> Int {
    let ofStates = (cell.hasState ? 2 : 0) + (cell.hasAside ? 2 : 0) + 1
    return input.positions * (2 * input.channels + directions * (3 * layout.width + ofStates * units))
  }

  /// W as a dense layer of so many features and units for each gate, R orthogonal for each, without any gain; a forget gate
  /// is open at first (Gers 2000; Jozefowicz et al. 2015).
  func initialize(_ parameters: UnsafeMutablePointer<Float>, _ start: LayerStart) {
    var stream = start.stream
    let (features, width) = (start.input.channels, layout.width)
    let matrix = FloatBuffer(count: max(features, units) * units)
    func place(_ rows: Int, _ block: Int, in weights: UnsafeMutablePointer<Float>) {
      for row in 0..<rows {
        (weights + row * width + block * units).update(from: matrix.base + row * units, count: units)
      }
    }
    for offsets in offsets(from: 0, features: features) {
      for block in 0..<Cell.blocks {
        start.initializer.fillWeights(
          matrix.base, start.context(inputs: features, outputs: units), from: &stream)
        place(features, block, in: parameters + offsets.weight)
      }
      for block in 0..<Cell.blocks {
        InitialDistribution.orthonormal(factor: 1).fill(
          matrix.base, rows: units, columns: units, from: &stream)
        place(units, block, in: parameters + offsets.recurrentWeight)
      }
      if let bias = offsets.bias, cell.hasState, options.unitForgetBias {
        (parameters + bias + units).update(repeating: 1, count: units)
      }
    }
  }

  /// Where the tensors of each direction start.
  private func offsets(
    from start: Int, features: Int
  ) -> [(weight: Int, recurrentWeight: Int, bias: Int?, recurrentBias: Int?)] {
    let width = layout.width
    let hasSecond = options.usesBias && cell.hasOwnRecurrentGradient
    let count = (features + units + (options.usesBias ? 1 : 0)) * width + (hasSecond ? units : 0)
    return (0..<directions).map { direction in
      let weight = start + direction * count
      let recurrent = weight + features * width
      let bias = recurrent + units * width
      return (weight, recurrent, options.usesBias ? bias : nil, hasSecond ? bias + width : nil)
    }
  }

  // MARK: Building

  func make(_ place: LayerPlace) -> any Layer {
    let steps = place.input.positions
    let placed = zip(sites.map(\.site), place.activations)
    func function(
      _ site: CellSite, columns: Int, uses: Int = 1, fused: Expression?, otherwise expression: Expression
    ) -> CellActivation {
      let activation = placed.first { $0.0 == site }?.1
      return CellActivation(
        activation.map(CellFunction.placed) ?? .fixed(CompiledActivation(expression, parameters: [])),
        columns: columns, directions: directions, steps: steps, uses: uses, fused: fused,
        memory: place.memory)
    }
    let isShared = cell.hasState && output == .shared
    let (sigmoid, tanh) = (Expression.unary(.sigmoid, .x), Expression.unary(.tanh, .x))
    let candidate = function(
      .candidate, columns: units, uses: isShared ? 2 : 1, fused: layout.gateWidth > 0 ? tanh : nil,
      otherwise: .x)
    let functions = CellFunctions(
      candidate: candidate,
      gates: layout.gateWidth > 0
        ? function(.gates, columns: layout.gateWidth, fused: sigmoid, otherwise: sigmoid) : nil,
      output: isShared
        ? candidate
        : cell.hasState ? function(.output, columns: units, fused: tanh, otherwise: tanh) : nil,
      sites: sites.map(\.site))
    let offsets = offsets(from: place.offset, features: place.input.channels)
    return Recurrent(
      cell, layout, functions,
      offsets.enumerated().map { index, offsets in
        RecurrentDirection(
          index: index, offsets: offsets, cell, layout, steps: steps, memory: place.memory)
      }, input: place.input, options: options, memory: place.memory)
  }
}
