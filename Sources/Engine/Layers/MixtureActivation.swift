// An activation layer that mixes several functions by weights which it draws around trained logits.

import Activations

/// y = Σ wₖ fₖ(x): in training w = softmax((z + g) / T) with Gumbel noise g, one draw for each step and set of logits z,
/// and the temperature T of the training's progress; in prediction what the mixture's inference says
/// (``MixtureWeights``).
final class MixtureActivation: Layer {
  private let units: Int
  private let sets: Int
  /// One for each member of the team.
  private let workspaces: [ActivationWorkspace]
  private let weights: MixtureWeights
  private let sums: BlockSums
  private let discarded: FloatBuffer

  /// - Parameter offset: where the logits start in the flat vectors, laid out [candidate][set]. Layers that share them
  ///   share their noise.
  init(
    _ mixture: StochasticMixture, units: Int, offset: Int, perUnit: Bool, memory: LayerMemory
  ) {
    self.units = units
    sets = perUnit ? units : 1
    workspaces = (0..<memory.members).map { _ in
      mixture.target.makeWorkspace(maximumRows: memory.rows, units: units)
    }
    weights = MixtureWeights(mixture, sets: sets, offset: offset, memory: memory)
    sums = BlockSums(count: mixture.names.count * sets, maximumRows: memory.trainingRows)
    discarded = FloatBuffer(count: memory.trainingRows * units)
  }

  private var sharing: CompiledActivation.Sharing { sets == units ? .unit : .all }

  var isInPlace: Bool { true }

  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) { body(x, pass.rows, units) }

  func prepare(_ pass: Pass) { weights.prepare(pass) }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    weights.mixture.target.forward(
      x: x, y: y, rows: pass.rows, units: units, parameters: weights.values.base, sharing: sharing,
      workspace: workspaces[pass.member])
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let dx = dx ?? discarded.base + pass.first * units
    sums.forEachBlock(pass) { start, rows, sums in
      let place = start * units
      weights.mixture.target.backward(
        x: x + place, dy: dy + place, dx: dx + place, rows: rows, units: units,
        parameters: weights.values.base,
        dparameters: sums, sharing: sharing, workspace: workspaces[pass.member])
    }
  }

  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    guard member.index == 0 else { return }
    weights.gradient.base.update(repeating: 0, count: weights.gradient.count)
    sums.add(0..<sums.count, of: pass, to: weights.gradient.base)
    weights.addLogitGradients(pass)
  }
}
