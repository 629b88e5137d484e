// A mixture of functions whose weights are drawn around trained logits: its temperature and its weights.

import Glibc

/// Σ wₖ fₖ with w = softmax((z + g) / T), where z are trained logits, g is Gumbel noise drawn for every training step, and
/// the temperature T falls as training goes on: a choice among functions that gradients can learn.
///
/// Sources: Jang, Gu and Poole 2017 (arXiv 1611.01144); Maddison, Mnih and Teh 2017 (arXiv 1611.00712).
public struct StochasticMixture: Sendable {
  /// What a trained model predicts with. Nothing is drawn.
  public enum Inference: String, Sendable, CaseIterable {
    /// Σ softmax(z)ₖ fₖ: the probabilities with which each function would be drawn at temperature 0.
    case expected
    /// The function with the largest logit, the first of equal ones.
    case argmax
  }

  /// Σ wₖ fₖ; its parameters are the weights, in the order of ``names``.
  public var target: CompiledActivation
  /// The functions' names, as many as weights.
  public var names: [String]
  /// T at the first step.
  public var initialTemperature: Double
  /// T at the last step.
  public var finalTemperature: Double
  /// What a trained model predicts with.
  public var inference: Inference
}

extension StochasticMixture {
  /// T at a share of training in [0, 1]: geometric from the initial to the final temperature.
  package func temperature(at progress: Double) -> Double {
    initialTemperature * pow(finalTemperature / initialTemperature, progress)
  }

  /// Replaces the numbers of each set, [candidate][set], by their softmax at a temperature.
  package func soften(_ values: UnsafeMutablePointer<Float>, sets: Int, temperature: Double = 1) {
    for set in 0..<sets {
      let largest = Double(values[largestIndex(values, set: set, of: sets)])
      var total = 0.0
      for index in names.indices {
        total += exp((Double(values[index * sets + set]) - largest) / temperature)
      }
      for index in names.indices {
        let share = exp((Double(values[index * sets + set]) - largest) / temperature) / total
        values[index * sets + set] = Float(share)
      }
    }
  }

  /// Replaces the logits of each set, [candidate][set], by the weights that prediction uses.
  package func resolve(_ logits: UnsafeMutablePointer<Float>, sets: Int) {
    switch inference {
    case .expected: soften(logits, sets: sets)
    case .argmax:
      for set in 0..<sets {
        let winner = largestIndex(logits, set: set, of: sets)
        for index in names.indices { logits[index * sets + set] = index == winner ? 1 : 0 }
      }
    }
  }

  private func largestIndex(_ values: UnsafePointer<Float>, set: Int, of sets: Int) -> Int {
    var largest = 0
    for index in names.indices where values[index * sets + set] > values[largest * sets + set] {
      largest = index
    }
    return largest
  }
}
