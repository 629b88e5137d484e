// Evaluation in one pass against prediction and loss apart, and copies of a model's state.

import Activations
import Engine
import Testing

@Suite struct EvaluationTests {
  @Test(arguments: [Loss.meanSquaredError, .binaryCrossEntropy, .softmaxCrossEntropy], [true, false])
  func `one pass gives the predictions and the loss of two`(loss: Loss, averages: Bool) throws {
    let activation = averages ? try random(scope: .layer) : try parametric("swish")
    let specification = network(inputs: 4, hidden: [9, 7], outputs: 3, activation)
    let model = Model(specification, loss: loss, batchSize: 16, seed: 3)
    // More rows than one pass takes.
    let sample = Sample(loss, rows: 150, inputs: 4, outputs: 3)
    var predicted = [Float](repeating: 0, count: 150 * 3)
    model.predict(inputs: sample.inputs, rows: 150, into: &predicted)
    let evaluated = try #require(
      model.evaluate(inputs: sample.inputs, targets: sample.targets, rows: 150, unless: { false }))
    #expect(evaluated.outputs == predicted)
    #expect(
      evaluated.loss == model.evaluateLoss(inputs: sample.inputs, targets: sample.targets, rows: 150))
  }

  @Test func `a pass that is stopped asks no more and gives nothing`() throws {
    let model = Model(
      network(inputs: 4, hidden: [9], outputs: 1, try parametric("swish")), loss: .meanSquaredError,
      batchSize: 16, seed: 3)
    let sample = Sample(.meanSquaredError, rows: 150, inputs: 4, outputs: 1)
    for blocks in 0..<3 {
      var asked = 0
      let evaluated = model.evaluate(
        inputs: sample.inputs, targets: sample.targets, rows: 150,
        unless: {
          asked += 1
          return asked > blocks
        })
      #expect(evaluated == nil && asked == blocks + 1)
    }
  }

  @Test func `a copied state is the model's state`() throws {
    let specification = network(
      inputs: 4, hidden: [9], outputs: 3, try random(scope: .layer), after: [.batchNorm, .layerNorm])
    let model = Model(specification, loss: .softmaxCrossEntropy, batchSize: 50, seed: 3)
    let sample = Sample(.softmaxCrossEntropy, rows: 50, inputs: 4, outputs: 3)
    var state = ModelState(parameters: [])
    model.copyState(into: &state)
    #expect(state == model.state())
    state.selected[0] = 2
    for step in 0..<3 {
      sample.order.withUnsafeBufferPointer { rows in
        _ = model.trainStep(
          inputs: sample.inputs, targets: sample.targets, rows: rows, step: step, epoch: 0)
      }
      model.copyState(into: &state)
      #expect(state == model.state())
      model.select(step % 3, ofActivation: 0)
    }
    #expect(state != model.state())
  }
}
