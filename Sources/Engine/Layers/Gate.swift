// A gated layer: one half of every row, weighed by an activation of the other.

/// y = a ⊙ f(b) over rows of 2·units numbers, where a is the first half of the columns and b the second, and f is any
/// activation layer (Dauphin et al. 2017, arXiv 1612.08083; Shazeer 2020, arXiv 2002.05202; the halves as in
/// torch.nn.GLU).
final class Gate: Layer {
  /// f, over rows of `units` numbers.
  private let activation: any Layer
  private let units: Int
  /// b of the last forward pass, contiguous as f reads it, and f(b).
  private let gates: FloatBuffer
  private let openings: FloatBuffer
  private let gateGradient: FloatBuffer
  private let openingGradient: FloatBuffer

  init(_ activation: any Layer, units: Int, memory: LayerMemory) {
    self.activation = activation
    self.units = units
    gates = FloatBuffer(count: memory.rows * units)
    openings = FloatBuffer(count: memory.rows * units)
    gateGradient = FloatBuffer(count: memory.trainingRows * units)
    openingGradient = FloatBuffer(count: memory.trainingRows * units)
  }

  var isRowwise: Bool { activation.isRowwise }

  var statistics: [RunningStatistics] { activation.statistics }

  func typicalRaw(_ pass: Pass) -> [Float]? { activation.typicalRaw(pass) }

  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) { body(gates.base + pass.first * units, pass.rows, units) }

  func prepare(_ pass: Pass) { activation.prepare(pass) }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let (gates, openings) = (gates.base + pass.first * units, openings.base + pass.first * units)
    for row in 0..<pass.rows {
      (gates + row * units).update(from: x + (2 * row + 1) * units, count: units)
    }
    activation.forward(pass, x: gates, y: openings)
    for row in 0..<pass.rows {
      let (a, opening, y) = (x + 2 * row * units, openings + row * units, y + row * units)
      for unit in 0..<units { y[unit] = a[unit] * opening[unit] }
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let place = pass.first * units
    let (gates, openings) = (gates.base + place, openings.base + place)
    let (gateGradient, openingGradient) = (gateGradient.base + place, openingGradient.base + place)
    for row in 0..<pass.rows {
      let (a, dy, gradient) = (x + 2 * row * units, dy + row * units, openingGradient + row * units)
      for unit in 0..<units { gradient[unit] = dy[unit] * a[unit] }
    }
    activation.backward(
      pass, x: gates, y: openings, dy: openingGradient, dx: dx == nil ? nil : gateGradient)
    guard let dx else { return }
    for row in 0..<pass.rows {
      let (da, dy, opening) = (dx + 2 * row * units, dy + row * units, openings + row * units)
      for unit in 0..<units { da[unit] = dy[unit] * opening[unit] }
      (da + units).update(from: gateGradient + row * units, count: units)
    }
  }

  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    activation.differentiate(pass, x: gates.base, dy: openingGradient.base, member: member)
  }
}

extension LayerSpecification {
  /// y = a ⊙ f(b) with the activation of this index, where a is the first half of the channels and b the second
  /// (arXiv 1612.08083, 2002.05202): half as wide.
  public static func gate(_ activation: Int) -> LayerSpecification {
    LayerSpecification(GateDescription(activation: activation))
  }
}

private struct GateDescription: LayerDescription {
  var activation: Int

  var name: String { "gate" }
  var signal: LayerSignal { .activation }
  var activationIndices: [Int] { [activation] }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    guard input.channels.isMultiple(of: 2) else { throw ShapeFault(.needs("two halves")) }
    return input.with(channels: input.channels / 2)
  }

  func activations(from input: RowShape) -> [ActivationUse] {
    [ActivationUse(index: activation, units: input.channels / 2)]
  }

  /// What it gives, and its halves apart.
  func values(from input: RowShape) -> Int { input.count / 2 * 3 }

  func make(_ place: LayerPlace) -> any Layer {
    let activation = place.activations[0].makeLayer(place.memory, combinations: place.combinations)
    return Gate(activation, units: place.output.channels, memory: place.memory)
  }
}
