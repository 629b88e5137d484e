// The predictor of a state: the same bits as the model that was trained, with no more memory than prediction needs.

import Activations
import CTestSetup
import Engine
import Testing

struct PredictorTests {
  /// A model after a few steps, and what it is made of.
  private static func trained(_ subject: StepSubject) -> (model: Model, sample: Sample) {
    let (model, sample) = (subject.model(threads: 1), subject.sample)
    for step in 0..<3 { model.step(sample, step) }
    return (model, sample)
  }

  @Test(arguments: StepSubject.all)
  func `a state predicts the same bits as the model that it was taken from`(subject: StepSubject) {
    let (model, sample) = Self.trained(subject)
    let plan = ModelPlan(model.specification)
    let state = model.state()
    #expect(plan.accepts(state))
    let predictor = Predictor(plan, state: state, loss: model.loss, seed: 3)
    let expected = model.predictions(sample)
    #expect(predictor.predictions(inputs: sample.inputs, rows: sample.rows) == expected)
    let (views, own) = (model.activationLayers, predictor.activationLayers)
    #expect(own.map(\.parameters) == views.map(\.parameters))
  }

  @Test(arguments: StepSubject.all)
  func `a plan knows how many running statistics the model keeps`(subject: StepSubject) {
    let model = subject.model(threads: 1)
    let plan = ModelPlan(model.specification)
    #expect(plan.statisticCount == model.state().statistics.count)
    var state = model.state()
    state.statistics.append(0)
    #expect(!plan.accepts(state))
  }

  @Test func `a candidate that does not exist belongs to another model`() throws {
    let random = ModelPlan(network(inputs: 2, hidden: [3], outputs: 1, try random(scope: .layer)))
    let plain = ModelPlan(network(inputs: 2, hidden: [3], outputs: 1, try fixed("relu")))
    func state(_ plan: ModelPlan, _ selected: [Int: Int]) -> ModelState {
      ModelState(parameters: [Float](repeating: 0, count: plan.parameterCount), selected: selected)
    }
    #expect(random.accepts(state(random, [0: 1])))
    for selected in [[0: 99], [0: -1], [1: 0], [-1: 0]] { #expect(!random.accepts(state(random, selected))) }
    #expect(!plain.accepts(state(plain, [0: 0])))
  }

  @Test(.enabled(if: ct_allocations() != -1), arguments: StepSubject.all)
  func `a predictor asks for less memory than a model, and for none to predict`(
    subject: StepSubject
  ) {
    let (model, sample) = Self.trained(subject)
    let (plan, state) = (ModelPlan(model.specification), model.state())
    let before = ct_allocations()
    let predictor = Predictor(plan, state: state, loss: model.loss, seed: 3)
    let building = ct_allocations() - before
    let again = ct_allocations()
    let other = subject.model(threads: 1)
    #expect(building < ct_allocations() - again)
    withExtendedLifetime(other) {}
    var outputs = [Float](repeating: 0, count: plan.specification.outputs)
    func predict(row: Int) -> Int {
      let before = ct_allocations()
      sample.inputs.withUnsafeBufferPointer { inputs in
        if let base = inputs.baseAddress {
          predictor.predict(inputs: base + row * plan.specification.inputs, rows: 1, into: &outputs)
        }
      }
      return ct_allocations() - before
    }
    _ = predict(row: 0)
    #expect((1..<5).map(predict) == [0, 0, 0, 0])
  }

  @Test func `the initial activations are drawn without any weight`() throws {
    let specification = network(inputs: 4, hidden: [6, 6], outputs: 2, try hypernetwork(.statistics))
    let model = Model(specification, loss: .softmaxCrossEntropy, batchSize: 8, seed: 5)
    let plan = ModelPlan(specification)
    let initial = plan.initialActivations(seed: 5)
    for block in plan.blocks {
      let values = Array(initial.parameters[block.range])
      if block.role == .activation {
        #expect(values == Array(model.parameters[block.range]))
      } else {
        #expect(values.allSatisfy { $0 == 0 })
      }
    }
  }
}
