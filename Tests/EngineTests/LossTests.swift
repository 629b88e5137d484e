// The losses: values by hand, gradients by differences, and no overflow at either end.

import Engine
import Glibc
import Testing

@Suite struct LossTests {
  /// The mean loss, and the gradient that a training step takes, whose losses of the rows must agree with it.
  static func value(_ loss: Loss, _ logits: [Float], _ targets: [Float], outputs: Int) -> (Double, [Float]) {
    let rows = logits.count / outputs
    var gradient = [Float](repeating: .nan, count: logits.count)
    var values = [Double](repeating: .nan, count: rows)
    loss.differentiate(
      logits: logits, targets: targets, rows: rows, outputs: outputs, batchRows: rows, values: &values,
      gradient: &gradient)
    let value = loss.value(logits: logits, targets: targets, rows: rows, outputs: outputs)
    let mean = values.reduce(0, +) / Double(rows)
    #expect(mean.isNaN == value.isNaN && !(abs(mean - value) > 1e-6 * max(1, value)))
    return (value, gradient)
  }

  @Test func `mean squared error is the mean over rows and outputs`() {
    let (value, gradient) = Self.value(.meanSquaredError, [1, 2, 3, 4], [0, 2, 5, 4], outputs: 2)
    #expect(value == 1.25)
    #expect(gradient == [0.5, 0, -1, 0])
  }

  @Test func `binary cross-entropy is −ln of the probability given to the truth`() {
    let (value, gradient) = Self.value(.binaryCrossEntropy, [0, 2], [1, 0], outputs: 1)
    let p = 1 / (1 + exp(-2.0))
    #expect(abs(value - (log(2.0) - log(1 - p)) / 2) < 1e-12)
    #expect(abs(gradient[0] + 0.25) < 1e-7 && abs(Double(gradient[1]) - p / 2) < 1e-7)
  }

  @Test func `softmax cross-entropy is −ln of the softmax probability of the class`() {
    let (value, gradient) = Self.value(.softmaxCrossEntropy, [1, 2, 3, 0, 0, 0], [2, 0], outputs: 3)
    let total = exp(1.0) + exp(2.0) + exp(3.0)
    #expect(abs(value - (log(total / exp(3)) + log(3)) / 2) < 1e-12)
    #expect(abs(gradient.reduce(0, +)) < 1e-7)
    #expect(abs(Double(gradient[0]) - exp(1) / total / 2) < 1e-7)
  }

  @Test(arguments: Loss.allCases)
  func `gradients agree with central differences`(loss: Loss) {
    let outputs = 3
    let logits: [Float] = [0.5, -1.25, 2, 0, 0.75, -3]
    let targets: [Float] = loss == .softmaxCrossEntropy ? [1, 0] : [1, 0, 0.25, 0, 1, 1]
    let (_, gradient) = Self.value(loss, logits, targets, outputs: outputs)
    for index in logits.indices {
      let step: Float = 1.0 / 64
      var (above, below) = (logits, logits)
      above[index] += step
      below[index] -= step
      let slope =
        (Self.value(loss, above, targets, outputs: outputs).0
          - Self.value(loss, below, targets, outputs: outputs).0)
        / Double(2 * step)
      #expect(abs(slope - Double(gradient[index])) < 1e-4)
    }
  }

  @Test(arguments: [Loss.binaryCrossEntropy, .softmaxCrossEntropy])
  func `logits of any finite size give finite losses and gradients`(loss: Loss) {
    let outputs = loss == .softmaxCrossEntropy ? 2 : 1
    for size in [100, 1e4, 1e30] as [Float] {
      let logits = loss == .softmaxCrossEntropy ? [size, -size, -size, size] : [size, -size]
      for targets in [[0, 0], [1, 1], [0, 1], [1, 0]] as [[Float]] {
        let (value, gradient) = Self.value(loss, logits, targets, outputs: outputs)
        #expect(value.isFinite && gradient.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test(arguments: Loss.allCases)
  func `a logit that is not a number makes the loss not a number`(loss: Loss) {
    let targets: [Float] = loss == .softmaxCrossEntropy ? [0] : [0, 0]
    #expect(Self.value(loss, [.nan, 0], targets, outputs: 2).0.isNaN)
    #expect(Self.value(loss, [0, .nan], targets, outputs: 2).0.isNaN)
  }

  @Test(arguments: Loss.allCases)
  func `the loss of linked outputs is that of their logits`(loss: Loss) {
    let logits: [Float] = [0.5, -1.25, 2, 0, 0.75, -30]
    let targets: [Float] = loss == .softmaxCrossEntropy ? [2, 1] : [1, 0, 0.25, 0, 1, 1]
    var linked = [Double](repeating: 0, count: 6)
    var complements = linked
    loss.accumulateLinked(
      logits: logits, rows: 2, outputs: 3, weight: 1, into: &linked, complements: &complements)
    let value = loss.value(linked: linked, complements: complements, targets: targets, rows: 2, outputs: 3)
    #expect(abs(value - Self.value(loss, logits, targets, outputs: 3).0) < 1e-9)
  }

  @Test func `the loss of averaged probabilities stays precise far out in the tails`() {
    var (linked, complements) = ([0.0], [0.0])
    for logit in [60, 80] as [Float] {
      Loss.binaryCrossEntropy.accumulateLinked(
        logits: [logit], rows: 1, outputs: 1, weight: 0.5, into: &linked, complements: &complements)
    }
    let value = Loss.binaryCrossEntropy.value(
      linked: linked, complements: complements, targets: [0], rows: 1, outputs: 1)
    #expect(abs(value - (60 + log(2.0))) < 1e-6)
  }
}
