// The losses: what a model's raw outputs are compared with targets by, and the link from raw outputs to predictions.

import Glibc

/// A loss on raw outputs (logits), in forms that neither overflow nor cancel.
///
/// | loss | targets per row | value of one row | link |
/// |---|---|---|---|
/// | mean squared error | k numbers | mean over outputs of (z − t)² | identity |
/// | binary cross-entropy | k numbers in [0, 1] | mean over outputs of max(z, 0) − z·t + ln(1 + e^−\|z\|) | sigmoid |
/// | softmax cross-entropy | one class index | ln Σⱼ e^(zⱼ) − z_t | softmax |
///
/// The loss of several rows is their mean.
public enum Loss: String, Sendable, CaseIterable {
  case meanSquaredError = "mean_squared_error"
  case binaryCrossEntropy = "binary_cross_entropy"
  case softmaxCrossEntropy = "softmax_cross_entropy"

  /// Numbers in a row of targets.
  public func targetsPerRow(outputs: Int) -> Int { self == .softmaxCrossEntropy ? 1 : outputs }

  /// The mean loss of some rows, and its gradient by the logits unless that is not wanted.
  package func value(
    logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, outputs: Int,
    gradient: UnsafeMutablePointer<Float>?
  ) -> Double {
    switch self {
    case .meanSquaredError, .binaryCrossEntropy:
      let count = rows * outputs
      let share = 1 / Double(count)
      var sum = 0.0
      for index in 0..<count {
        let (z, target) = (Double(logits[index]), Double(targets[index]))
        let (value, slope) = self == .meanSquaredError ? squared(z, target) : crossEntropy(z, target)
        sum += value
        gradient?[index] = Float(slope * share)
      }
      return sum * share
    case .softmaxCrossEntropy:
      let share = 1 / Double(rows)
      var sum = 0.0
      for row in 0..<rows {
        let logits = logits + row * outputs
        let target = Int(targets[row])
        precondition(target >= 0 && target < outputs, "a class index lies outside the outputs")
        let (peak, total) = partition(logits, outputs)
        sum += peak + log(total) - Double(logits[target])
        guard let gradient else { continue }
        for output in 0..<outputs {
          let probability = exp(Double(logits[output]) - peak) / total
          gradient[row * outputs + output] = Float((probability - (output == target ? 1 : 0)) * share)
        }
      }
      return sum * share
    }
  }

  /// Adds `weight` times the linked outputs to `linked`, and for binary cross-entropy `weight` times their complements
  /// to `complements`, which keeps the precision that 1 − p loses.
  package func accumulateLinked(
    logits: UnsafePointer<Float>, rows: Int, outputs: Int, weight: Double,
    into linked: UnsafeMutablePointer<Double>,
    complements: UnsafeMutablePointer<Double>
  ) {
    switch self {
    case .meanSquaredError:
      for index in 0..<rows * outputs { linked[index] += weight * Double(logits[index]) }
    case .binaryCrossEntropy:
      for index in 0..<rows * outputs {
        linked[index] += weight * logistic(Double(logits[index]))
        complements[index] += weight * logistic(-Double(logits[index]))
      }
    case .softmaxCrossEntropy:
      for row in 0..<rows {
        let logits = logits + row * outputs
        let (peak, total) = partition(logits, outputs)
        for output in 0..<outputs {
          linked[row * outputs + output] += weight * exp(Double(logits[output]) - peak) / total
        }
      }
    }
  }

  /// The mean loss of outputs that are linked already, as averaging leaves them; probabilities below 1e-300 count as
  /// that.
  package func value(
    linked: UnsafePointer<Double>, complements: UnsafePointer<Double>, targets: UnsafePointer<Float>,
    rows: Int,
    outputs: Int
  ) -> Double {
    let least = 1e-300
    var sum = 0.0
    switch self {
    case .meanSquaredError:
      for index in 0..<rows * outputs { sum += squared(linked[index], Double(targets[index])).value }
      return sum / Double(rows * outputs)
    case .binaryCrossEntropy:
      for index in 0..<rows * outputs {
        let target = Double(targets[index])
        if target > 0 { sum -= target * log(max(linked[index], least)) }
        if target < 1 { sum -= (1 - target) * log(max(complements[index], least)) }
      }
      return sum / Double(rows * outputs)
    case .softmaxCrossEntropy:
      for row in 0..<rows { sum -= log(max(linked[row * outputs + Int(targets[row])], least)) }
      return sum / Double(rows)
    }
  }
}

private func squared(_ z: Double, _ target: Double) -> (value: Double, slope: Double) {
  ((z - target) * (z - target), 2 * (z - target))
}

private func crossEntropy(_ z: Double, _ target: Double) -> (value: Double, slope: Double) {
  (max(z, 0) - z * target + log1p(exp(-abs(z))), logistic(z) - target)
}

private func logistic(_ z: Double) -> Double {
  let e = exp(-abs(z))
  return z >= 0 ? 1 / (1 + e) : e / (1 + e)
}

/// The largest logit, and Σ e^(z − largest).
private func partition(_ logits: UnsafePointer<Float>, _ outputs: Int) -> (peak: Double, total: Double) {
  var peak = Double(logits[0])
  for output in 1..<max(1, outputs) { peak = max(peak, Double(logits[output])) }
  var total = 0.0
  for output in 0..<outputs { total += exp(Double(logits[output]) - peak) }
  return (peak, total)
}
