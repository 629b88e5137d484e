// An activation layer that mixes several functions by weights which it draws around trained logits.

import Activations

/// y = Σ wₖ fₖ(x): in training w = softmax((z + g) / T) with Gumbel noise g, one draw for each step and set of logits z,
/// and the temperature T of the training's progress; in prediction what the mixture's inference says.
///
/// Gradients are those of the drawn w: ∂L/∂zⱼ = wⱼ (∂L/∂wⱼ − Σ wₖ ∂L/∂wₖ) / T.
final class MixtureActivation: Layer {
  private let mixture: StochasticMixture
  private let units: Int
  private let offset: Int
  private let sets: Int
  /// One for each member of the team.
  private let workspaces: [ActivationWorkspace]
  /// The weights in force and the gradient by them, [candidate][set].
  private let weights: FloatBuffer
  private let weightGradient: FloatBuffer
  private let sums: BlockSums
  private let discarded: FloatBuffer

  /// - Parameter offset: where the logits start in the flat vectors, laid out [candidate][set]. Layers that share them
  ///   share their noise.
  init(
    _ mixture: StochasticMixture, units: Int, offset: Int, perUnit: Bool, memory: LayerMemory
  ) {
    self.mixture = mixture
    self.units = units
    self.offset = offset
    sets = perUnit ? units : 1
    workspaces = (0..<memory.members).map { _ in
      mixture.target.makeWorkspace(maximumRows: memory.rows, units: units)
    }
    weights = FloatBuffer(count: mixture.names.count * sets)
    weightGradient = FloatBuffer(count: memory.isForTraining ? weights.count : 0)
    sums = BlockSums(count: mixture.names.count * sets, maximumRows: memory.trainingRows)
    discarded = FloatBuffer(count: memory.trainingRows * units)
  }

  private var sharing: CompiledActivation.Sharing { sets == units ? .unit : .all }

  var isInPlace: Bool { true }

  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) { body(x, pass.rows, units) }

  func prepare(_ pass: Pass) {
    weights.base.update(from: pass.parameters + offset, count: weights.count)
    switch pass.purpose {
    case .training(let seed, let step, let progress):
      var stream = RandomStream(seed: seed, stream: .gumbel, step: step, layer: UInt64(offset))
      for index in 0..<weights.count { weights.base[index] += Float(stream.gumbel()) }
      mixture.soften(weights.base, sets: sets, temperature: mixture.temperature(at: progress))
    case .prediction:
      mixture.resolve(weights.base, sets: sets)
    }
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    mixture.target.forward(
      x: x, y: y, rows: pass.rows, units: units, parameters: weights.base, sharing: sharing,
      workspace: workspaces[pass.member])
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let dx = dx ?? discarded.base + pass.first * units
    sums.forEachBlock(pass) { start, rows, sums in
      let place = start * units
      mixture.target.backward(
        x: x + place, dy: dy + place, dx: dx + place, rows: rows, units: units, parameters: weights.base,
        dparameters: sums, sharing: sharing, workspace: workspaces[pass.member])
    }
  }

  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    guard member.index == 0 else { return }
    guard case .training(_, _, let progress) = pass.purpose else {
      preconditionFailure("gradients are taken in training alone")
    }
    weightGradient.base.update(repeating: 0, count: weightGradient.count)
    sums.add(0..<sums.count, of: pass, to: weightGradient.base)
    let temperature = mixture.temperature(at: progress)
    for set in 0..<sets {
      var mean = 0.0
      for index in stride(from: set, to: weights.count, by: sets) {
        mean += Double(weights.base[index]) * Double(weightGradient.base[index])
      }
      for index in stride(from: set, to: weights.count, by: sets) {
        let slope = Double(weights.base[index]) * (Double(weightGradient.base[index]) - mean) / temperature
        pass.gradients[offset + index] += Float(slope)
      }
    }
  }
}
