// Ten training steps of every golden file, reproduced.

import Activations
import Engine
import Testing

@Suite struct GoldenTests {
  @Test func `all golden files are there`() {
    #expect(GoldenFile.names.count == 23)
  }

  @Test(arguments: GoldenFile.names)
  func `losses, first gradients and final parameters agree`(name: String) throws {
    let golden = try GoldenFile.named(name)
    let model = try golden.model()
    let rows: [Int32] = (0..<16).map { $0 }
    for (step, expected) in golden.losses.enumerated() {
      if let choice = golden.choiceByStep { model.fixChoice(choice[step], ofActivation: 0) }
      let loss = rows.withUnsafeBufferPointer {
        model.trainStep(
          inputs: golden.inputs[step].flat, targets: golden.targets[step].flat, rows: $0, step: step, epoch: 0
        )
      }
      #expect(abs(loss - expected) <= 1e-4 * abs(expected), "loss of step \(step)")
      if step == 0 {
        compare(
          golden.tensors(golden.firstGradient, of: model), Array(model.gradients), of: model, within: 1e-4)
      }
    }
    compare(golden.tensors(golden.final, of: model), Array(model.parameters), of: model, within: 1e-3)
  }

  /// Relative to the expected number, or to a hundredth of its tensor's largest where that is more.
  private func compare(
    _ expected: [String: [Float]], _ actual: [Float], of model: Model, within tolerance: Float
  ) {
    let compared = expected.keys.compactMap { model.block($0)?.range.count }.reduce(0, +)
    #expect(compared == model.parameterCount)
    for (name, values) in expected {
      guard let block = model.block(name) else { continue }
      let floor = 0.01 * (values.map(abs).max() ?? 0)
      for (index, value) in zip(block.range, values) {
        let error = abs(actual[index] - value)
        #expect(error <= tolerance * max(abs(value), floor), "\(name)[\(index - block.range.lowerBound)]")
      }
    }
  }
}
