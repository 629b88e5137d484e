// What the product promises on real data; slow, because the promise is about whole data sets, default settings and five
// seeds. Run in release mode.

import Glibc
import Testing
import Training

@Suite(.tags(.slow), .enabled(if: isOptimized, "whole data sets take minutes without optimisation"))
struct AcceptanceTests {
  @Test(arguments: [
    #""tanh""#,
    #"{"strategy": "parametric", "function": "parametric_sigmoid"}"#,
    #"{"strategy": "parametric", "function": "parametric_tanh"}"#,
    #"{"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"}"#,
    #"{"strategy": "random"}"#,
    #"{"strategy": "network"}"#,
    #"{"strategy": "hypernetwork"}"#,
    #"{"strategy": "hypernetwork", "input": "sample"}"#,
  ])
  func `breast cancer: mean validation accuracy of five seeds is at least 0.95`(activation: String) throws {
    let accuracies = try (0..<5).map { seed in
      let job = try DataFile.breastCancer.prepare(
        #"{"data": {"target": "diagnosis"}, "activation": \#(activation), "seed": \#(seed)}"#)
      return job.run().metric("validation_accuracy")
    }
    let mean = accuracies.reduce(0, +) / 5
    #expect(mean >= 0.95, "\(activation): \(accuracies)")
  }

  @Test func `digits reach ninety-five percent`() throws {
    let job = try DataFile.digits.prepare(
      #"""
      {"data": {"target": "digit"}, "task": "multiclass", "training": {"epochs": 30},
       "activation": {"strategy": "parametric", "function": "parametric_tanh"}}
      """#)
    let outcome = job.run()
    #expect(outcome.metric("validation_accuracy") >= 0.95)
  }

  private func xor(_ activation: String, seed: Int) throws -> Double {
    let job = try prepare(
      #"""
      {"data": {"inputs": [[0,0],[0,1],[1,0],[1,1]], "targets": [false, true, true, false], "validation_fraction": 0},
       "model": {"hidden": [1]}, "activation": \#(activation), "seed": \#(seed),
       "training": {"epochs": 2000, "batch_size": "full", "optimizer": {"name": "adam", "learning_rate": 0.02}}}
      """#)
    return job.run().metric("training_accuracy")
  }

  @Test(arguments: 0..<10)
  func `one neuron with a network activation solves XOR`(seed: Int) throws {
    let accuracy = try xor(#"{"strategy": "network"}"#, seed: seed)
    #expect(accuracy == 1)
  }

  @Test(arguments: 0..<10)
  func `one neuron with a trainable sine solves XOR`(seed: Int) throws {
    let sine = #"{"strategy": "parametric", "function": "trainable_sine", "initial": {"omega": 2}}"#
    #expect(try xor(sine, seed: seed) == 1)
  }

  @Test(arguments: 0..<10)
  func `one neuron with a client's formula solves XOR`(seed: Int) throws {
    let formula = """
      {"strategy": "expression", "expression": "a * x^2 + b * tanh(x)",
       "parameters": {"a": {"initial": 0.5}, "b": {"initial": 0.1}}}
      """
    #expect(try xor(formula, seed: seed) == 1)
  }

  /// The bare model: ŷ = f(x), so that the spline alone has to be the wave.
  @Test func `a cubic spline of 21 knots becomes sin 3x`() throws {
    let points = (0...400).map { -4 + 0.02 * Double($0) }
    let inputs = points.map { "[\($0)]" }.joined(separator: ",")
    let targets = points.map { "\(Glibc.sin(3 * $0))" }.joined(separator: ",")
    let job = try prepare(
      """
      {"data": {"inputs": [\(inputs)], "targets": [\(targets)], "validation_fraction": 0}, "task": "regression",
       "model": {"layers": [{"type": "activation"}], "output": "none"},
       "activation": {"strategy": "spline", "knots": 21},
       "training": {"epochs": 300, "batch_size": 32, "optimizer": {"name": "adam", "learning_rate": 0.05},
                    "schedule": {"name": "cosine"}}}
      """)
    #expect(job.run().metric("training_rmse") <= 0.01)
  }

  /// exp(sin πx + y²): Adam on the finest grid alone stays far above, and the noise of single precision is far below.
  @Test func `splines that grow learn a formula to four digits`() throws {
    let text = String(decoding: try DataFile.splineRefinement.bytes(), as: UTF8.self)
    let outcome = try prepare(text).run()
    #expect(outcome.metric("training_rmse") <= 1e-4)
  }

  /// No monotone function of one linear form separates XOR, so that three of four rows is the most it can get right.
  @Test(arguments: 0..<10)
  func `one neuron with a fixed sigmoid cannot solve XOR`(seed: Int) throws {
    #expect(try xor(#""sigmoid""#, seed: seed) <= 0.75)
  }

  @Test func `diabetes trains well with defaults`() throws {
    let outcome = try DataFile.diabetes.prepare(
      #"{"data": {"target": "progression"}, "activation": "prelu", "training": {"early_stopping": {"patience": 10}}}"#
    ).run()
    #expect(outcome.metric("validation_r2") > 0.3)
  }
}
