// Ten training steps of every golden file of recurrent and convolutional models, reproduced.

import Engine
import Testing

@Suite struct SequenceGoldenTests {
  @Test func `all golden files are there`() {
    #expect(SequenceGoldenFile.names.count == 29)
  }

  @Test(arguments: SequenceGoldenFile.names)
  func `losses, first gradients, final parameters and outputs agree`(name: String) throws {
    let golden = try SequenceGoldenFile.named(name)
    let model = try golden.model()
    #expect(model.parameterCount == golden.parameterCount)
    for (step, expected) in golden.losses.enumerated() {
      if let choice = golden.choiceByStep { model.fixChoice(choice[step], ofActivation: 0) }
      let loss = model.step(golden.sample(step), step)
      #expect(abs(loss - expected) <= 1e-4 * abs(expected), "loss of step \(step)")
      if step == 0 { compare(golden, golden.firstGradient, Array(model.gradients), of: model, within: 1e-4) }
    }
    compare(golden, golden.final, Array(model.parameters), of: model, within: 1e-3)
    guard golden.hasWholeOutputs else { return }
    let predictions = model.predictions(golden.sample(0))
    #expect(predictions.count == golden.finalOutputs.flat.count)
    for (value, expected) in zip(predictions, golden.linkedOutputs) {
      #expect(abs(value - expected) <= 1e-3 * max(abs(expected), 0.1))
    }
  }

  /// Relative to the expected number, or to a hundredth of its tensor's largest where that is more.
  private func compare(
    _ golden: SequenceGoldenFile, _ expected: [String: GoldenFile.Values], _ actual: [Float], of model: Model,
    within tolerance: Float
  ) {
    #expect(expected.values.reduce(0) { $0 + $1.flat.count } == model.parameterCount)
    for (name, values) in expected {
      guard let places = golden.places(of: name, in: model) else {
        Issue.record("no tensor \(name)")
        continue
      }
      let floor = 0.01 * (values.flat.map(abs).max() ?? 0)
      for (index, value) in values.flat.enumerated() {
        let error = abs(actual[places[index]] - value)
        #expect(error <= tolerance * max(abs(value), floor), "\(name)[\(index)]")
      }
    }
  }
}
