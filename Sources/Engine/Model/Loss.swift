// The losses: what a model's raw outputs are compared with targets by, and the link from raw outputs to predictions.

import CKernels
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

  /// The mean loss of some rows, in double precision.
  package func value(
    logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, outputs: Int
  ) -> Double {
    var sum = 0.0
    switch self {
    case .meanSquaredError, .binaryCrossEntropy:
      let count = rows * outputs
      for index in 0..<count { sum += term(Double(logits[index]), Double(targets[index])).value }
      return sum / Double(count)
    case .softmaxCrossEntropy:
      for row in 0..<rows {
        let logits = logits + row * outputs
        let (peak, total) = partition(logits, outputs)
        sum += peak + log(total) - Double(logits[targetClass(targets[row], outputs)])
      }
      return sum / Double(rows)
    }
  }

  /// What a training step needs of some of its rows: the loss of each, and the gradient of the mean over all rows by
  /// these rows' logits. Exponentials are taken in single precision.
  ///
  /// - Parameters:
  ///   - batchRows: the rows of the whole step.
  ///   - values: room for one loss a row.
  package func differentiate(
    logits: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, outputs: Int, batchRows: Int,
    values: UnsafeMutablePointer<Double>, gradient: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .meanSquaredError, .binaryCrossEntropy:
      let share = 1 / Double(batchRows * outputs)
      for row in 0..<rows {
        var sum = 0.0
        for index in row * outputs..<(row + 1) * outputs {
          let (value, slope) = term(Double(logits[index]), Double(targets[index]))
          sum += value
          gradient[index] = Float(slope * share)
        }
        values[row] = sum / Double(outputs)
      }
    case .softmaxCrossEntropy:
      for row in 0..<rows {
        let (logits, gradient) = (logits + row * outputs, gradient + row * outputs)
        var peak = logits[0]
        for output in 1..<max(1, outputs) { peak = max(peak, logits[output]) }
        values[row] = Double(logits[targetClass(targets[row], outputs)] - peak)
        for output in 0..<outputs { gradient[output] = logits[output] - peak }
      }
      ck_elementwise_current().pointee.exp(gradient, gradient, rows * outputs)
      let share = 1 / Double(batchRows)
      for row in 0..<rows {
        let gradient = gradient + row * outputs
        var total = 0.0
        for output in 0..<outputs { total += Double(gradient[output]) }
        let target = targetClass(targets[row], outputs)
        values[row] = log(total) - values[row]
        // p − 1 by what the other classes have, which does not cancel when p is almost 1.
        let others = Double(gradient[target]) - total
        let scale = share / total
        for output in 0..<outputs { gradient[output] = Float(Double(gradient[output]) * scale) }
        gradient[target] = Float(others * scale)
      }
    }
  }

  /// The loss of one output, and its slope.
  private func term(_ z: Double, _ target: Double) -> (value: Double, slope: Double) {
    self == .meanSquaredError ? squared(z, target) : crossEntropy(z, target)
  }

  private func targetClass(_ target: Float, _ outputs: Int) -> Int {
    let index = Int(target)
    precondition(index >= 0 && index < outputs, "a class index lies outside the outputs")
    return index
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
