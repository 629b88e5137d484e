// What an activation layer read over the training rows: where its learned shape rests on data.

import Data
import Engine
import JSON

/// Range, moments and histogram of a layer's pre-activations, over the training rows or, of more than a thousand, so many of
/// them drawn at random.
package struct InputStatistics: Equatable, Sendable {
  static let binCount = 32

  /// The least pre-activation; ∞ where there is none.
  package var minimum = Double.infinity
  /// The greatest; −∞ where there is none.
  package var maximum = -Double.infinity
  /// Over rows and units.
  package var mean = 0.0
  /// Over rows and units, divided by their number.
  package var standardDeviation = 0.0
  /// Counts of equally wide bins from minimum to maximum; the last bin holds its upper edge.
  package var counts: [Int] = []

  /// One entry per activation layer, in the order of the model's activation layers; two forward passes.
  static func measure(_ model: Model, _ examples: Examples) -> [InputStatistics] {
    var statistics = model.activationLayers.map { _ in InputStatistics() }
    var seen = statistics.map { _ in 0.0 }
    var squares = seen
    examples.withPointers { input, _, lengths in
      model.forEachActivation(inputs: input, rows: examples.rows, lengths: lengths) { index, values, _, _ in
        for value in values {
          let value = Double(value)
          statistics[index].minimum = min(statistics[index].minimum, value)
          statistics[index].maximum = max(statistics[index].maximum, value)
          seen[index] += 1
          let deviation = value - statistics[index].mean
          statistics[index].mean += deviation / seen[index]
          squares[index] += deviation * (value - statistics[index].mean)
        }
      }
      for index in statistics.indices {
        statistics[index].standardDeviation = (squares[index] / max(1, seen[index])).squareRoot()
        statistics[index].counts = [Int](repeating: 0, count: binCount)
      }
      model.forEachActivation(inputs: input, rows: examples.rows, lengths: lengths) { index, values, _, _ in
        let (low, high) = (statistics[index].minimum, statistics[index].maximum)
        guard high > low, (high - low).isFinite else { return }
        for value in values {
          let position = (Double(value) - low) / (high - low) * Double(binCount)
          if position.isFinite { statistics[index].counts[min(binCount - 1, Int(position))] += 1 }
        }
      }
    }
    return statistics
  }

  /// Edges of the bins, one more than counts.
  package var edges: [Double] {
    (0...Self.binCount).map { minimum + (maximum - minimum) * Double($0) / Double(Self.binCount) }
  }

  var document: JSONValue {
    [
      "minimum": .number(minimum), "maximum": .number(maximum), "mean": .number(mean),
      "standard_deviation": .number(standardDeviation),
      "histogram": [
        "edges": .array(JSONArray(numbers: edges)),
        "counts": .array(JSONArray(numbers: counts.map(Double.init))),
      ],
    ]
  }
}

/// One candidate of a random activation.
package struct CandidateReport: Equatable, Sendable {
  /// The candidate's name.
  package var function: String
  /// With which training drew it.
  package var probability: Double
  /// How often training used it, unit by unit where units draw.
  package var draws: Int
  /// NaN where no row validates.
  package var validationLoss: Double

  var document: JSONValue {
    [
      "function": .string(function), "probability": .number(probability), "draws": .integer(draws),
      "validation_loss": .number(validationLoss),
    ]
  }
}
