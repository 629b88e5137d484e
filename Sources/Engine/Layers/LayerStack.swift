// Layers one after the other, with the buffers between them.

/// A layer in its place.
struct StackedLayer {
  let layer: any Layer
  /// Numbers for a row.
  let outputs: Int
  /// How many rows of its own the layer has for a row of the pass: positions that are computed each for itself.
  let positions: Int
  /// How many steps it gives for a row; nil where its rows are no sequences.
  let steps: Int?
  /// How many of them are left of a row that had so many; nil: all.
  let length: ((Int) -> Int)?
  /// For a ``Residual`` layer, the position of the first layer inside it.
  let first: Int?

  init(
    _ layer: any Layer, outputs: Int, positions: Int = 1, steps: Int? = nil, length: ((Int) -> Int)? = nil,
    first: Int? = nil
  ) {
    self.layer = layer
    self.steps = steps
    self.length = length
    self.outputs = outputs
    self.positions = positions
    self.first = first
  }
}

/// A chain of layers that owns every value and gradient of one pass; the model is one, and so is a hypernetwork.
///
/// A pass is run by all members of a team: each takes its rows through the layers and meets the others only where a
/// layer needs all rows at once. Without a team, the one member takes all.
final class LayerStack {
  let layers: [any Layer]
  private let inputs: Int
  private let outputs: [Int]
  private let positions: [Int]
  private let steps: [Int?]
  /// How many steps of each row a layer gives, where it gives sequences.
  private let lengths: [(lengths: RowLengths, map: (Int) -> Int)?]
  private let widest: Int
  private let summed: Int
  /// By position, the first layer inside a residual one and what joins the two.
  private let joins: [(first: Int, residual: Residual)?]
  /// By position, the residual layers that this one is the first of.
  private let starts: [[(index: Int, residual: Residual)]]
  /// What each layer writes.
  private let values: [FloatBuffer]
  /// Gradients by the layers' outputs, empty for prediction; a layer that works in place shares the one before it.
  private let gradients: [FloatBuffer]

  /// - Parameters:
  ///   - layers: at least one, each with its outputs per row.
  ///   - summed: how many parameters have their gradients summed up over rows (``BlockSums``).
  init(inputs: Int, layers: [StackedLayer], memory: LayerMemory, summed: Int = 0) {
    self.inputs = inputs
    self.layers = layers.map(\.layer)
    outputs = layers.map(\.outputs)
    positions = layers.map(\.positions)
    steps = layers.map(\.steps)
    lengths = layers.map { layer -> (lengths: RowLengths, map: (Int) -> Int)? in
      guard layer.steps != nil, let map = layer.length else { return nil }
      return (RowLengths(rows: memory.rows), map)
    }
    self.summed = summed
    let joins = layers.map { entry -> (first: Int, residual: Residual)? in
      guard let first = entry.first, let residual = entry.layer as? Residual else { return nil }
      return (first, residual)
    }
    self.joins = joins
    starts = layers.indices.map { index in
      joins.enumerated().compactMap { place, join -> (index: Int, residual: Residual)? in
        guard let join, join.first == index else { return nil }
        return (place, join.residual)
      }
    }
    widest = layers.map(\.outputs).reduce(inputs, max)
    values = layers.map { FloatBuffer(count: memory.rows * $0.outputs) }
    var gradients: [FloatBuffer] = []
    for (index, entry) in layers.enumerated().reversed() {
      if index + 1 < layers.count, layers[index + 1].layer.isInPlace, let next = gradients.last {
        gradients.append(next)
      } else {
        gradients.append(FloatBuffer(count: memory.trainingRows * entry.outputs))
      }
    }
    self.gradients = gradients.reversed()
  }

  /// Rows × outputs of the last layer, after a forward pass.
  var output: UnsafeMutablePointer<Float> { values[values.count - 1].base }

  /// Where the loss leaves its gradient by the output, before a backward pass.
  var outputGradient: UnsafeMutablePointer<Float> { gradients[gradients.count - 1].base }

  /// How many rows make a block in a pass of so many.
  func blockRows(rows: Int) -> Int { BlockSums.blockRows(rows: rows, widest: widest, summed: summed) }

  /// What the layer at an index reads, after a forward pass from `input`.
  func input(ofLayer index: Int, _ input: UnsafePointer<Float>) -> UnsafePointer<Float> {
    index == 0 ? input : UnsafePointer(values[index - 1].base)
  }

  /// Shows what an activation of the layer at an index read in a forward pass from `input`.
  func showActivationInput(
    _ site: Int, ofLayer index: Int, _ pass: Pass, input: UnsafePointer<Float>, _ body: ActivationInputs
  ) {
    layers[index].showActivationInput(
      site, own(pass, index), x: self.input(ofLayer: index, input), body)
  }

  private func width(ofInput index: Int) -> Int { index == 0 ? inputs : outputs[index - 1] }

  /// Draws what the layers draw; called by one thread before each forward pass.
  func prepare(_ pass: Pass) {
    if pass.lengths != nil { measureLengths(pass) }
    for index in layers.indices { layers[index].prepare(own(pass, index)) }
  }

  /// Steps of each row that the last layer gives; nil where all rows have as many.
  func outputLengths(_ pass: Pass) -> UnsafePointer<Int32>? { lengths(after: layers.count - 1, pass) }

  /// Finds out how many steps of each row every layer gives.
  private func measureLengths(_ pass: Pass) {
    for index in layers.indices {
      guard let own = lengths[index], let before = lengths(after: index - 1, pass) else { continue }
      for row in 0..<pass.rows { own.lengths.base[row] = Int32(own.map(Int(before[row]))) }
    }
  }

  /// Steps of each row that a layer gives, of index −1 the model's inputs; nil where all rows have as many.
  private func lengths(after index: Int, _ pass: Pass) -> UnsafePointer<Int32>? {
    guard index >= 0, pass.lengths != nil else { return pass.lengths }
    return lengths[index].map { UnsafePointer($0.lengths.base) }
  }

  /// A pass over all rows, or a member's, as the layer at an index sees it.
  func own(_ pass: Pass, _ index: Int) -> Pass {
    var own = pass.over(positions: positions[index])
    own.lengths = lengths(after: index - 1, pass)
    return own
  }

  /// What a layer gives behind the end of a row is 0, and so is the gradient by it.
  private func clearPadding(of values: UnsafeMutablePointer<Float>, ofLayer index: Int, _ pass: Pass) {
    guard pass.lengths != nil, let steps = steps[index], let lengths = lengths(after: index, pass) else {
      return
    }
    let channels = outputs[index] / steps
    for row in 0..<pass.rows {
      let length = min(steps, Int(lengths[pass.first + row]))
      (values + (row * steps + length) * channels).update(repeating: 0, count: (steps - length) * channels)
    }
  }

  func forward(_ pass: Pass, input: UnsafePointer<Float>, member: Member = .alone) {
    let share = pass.share(of: member)
    for index in layers.indices {
      call(layers[index], pass, share, member) { pass in
        let y = values[index].base + pass.first * outputs[index]
        layers[index].forward(
          own(pass, index),
          x: self.input(ofLayer: index, input) + pass.first * width(ofInput: index), y: y)
        if let join = joins[index] {
          let block = self.input(ofLayer: join.first, input) + pass.first * outputs[index]
          join.residual.add(block, to: y, rows: pass.rows * positions[index])
        }
        clearPadding(of: y, ofLayer: index, pass)
      }
    }
  }

  /// Follows a forward pass from the same input; leaves the parameters' gradients, and writes the gradient by the
  /// input unless that is nil.
  func backward(
    _ pass: Pass, input: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>? = nil,
    member: Member = .alone
  ) {
    let share = pass.share(of: member)
    for index in layers.indices.reversed() {
      let dx = index == 0 ? inputGradient : gradients[index - 1].base
      call(layers[index], pass, share, member) { pass in
        let (x, y) = (pass.first * width(ofInput: index), pass.first * outputs[index])
        clearPadding(of: gradients[index].base + y, ofLayer: index, pass)
        layers[index].backward(
          own(pass, index), x: self.input(ofLayer: index, input) + x,
          y: values[index].base + y,
          dy: gradients[index].base + y, dx: dx.map { $0 + x })
        if let dx {
          for join in starts[index] {
            join.residual.addGradient(to: dx + x, pass.over(positions: positions[join.index]))
          }
        }
      }
    }
    member.meet()
    for index in layers.indices.reversed() {
      layers[index].differentiate(
        own(pass, index), x: self.input(ofLayer: index, input),
        dy: gradients[index].base, member: member)
    }
  }

  /// A member's part of one layer's call.
  @inline(__always)
  private func call(_ layer: any Layer, _ pass: Pass, _ share: Pass, _ member: Member, _ body: (Pass) -> Void)
  {
    if layer.isRowwise {
      if share.rows > 0 { body(share) }
    } else {
      member.meet()
      if member.index == 0 { body(pass) }
      member.meet()
    }
  }
}
