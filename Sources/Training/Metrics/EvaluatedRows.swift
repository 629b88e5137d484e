// The rows that metrics are taken on: all of a part, or where that would cost too much a random sample of it.

package import Data
package import Engine

/// The rows of each part that are measured; of a sample each set of rows is equally likely, whatever their order.
///
/// A measured row costs about a third of a trained one: a step has three matrix products where a measurement has one, and
/// ranking for the area under the curve takes its share. The bounds keep what an epoch's metrics cost within about a tenth
/// of the epoch where there are many rows, and where there are few, all are measured.
package struct EvaluatedRows: Sendable {
  /// Of more training rows than this a tenth is measured, but neither fewer than this nor more than `most`.
  package static let fewTrainingRows = 2000
  /// The most training or validation rows that are measured after an epoch; of so many, the standard error of an
  /// accuracy is at most half a percentage point.
  package static let most = 10_000
  /// The most training rows whose pre-activations are looked at.
  package static let mostObserved = 1000

  /// All training rows, or a sample.
  package let training: Examples
  /// All validation rows, or a sample; none where no row validates.
  package let validation: Examples
  /// What the statistics of the activations' inputs are of, which look at every number of every layer twice: all training
  /// rows or a sample, at most `mostObserved`.
  package let observed: Examples
  /// All test rows: they are measured once.
  package let test: Examples

  /// - Parameter seed: the job's; the samples have a stream of their own.
  /// - Complexity: O(measured rows), not of all rows.
  package init(_ dataset: Dataset, seed: UInt64) {
    let trainingRows = min(Self.most, max(Self.fewTrainingRows, dataset.training.rows / 10))
    training = dataset.training.sample(trainingRows, seed: seed, part: 0)
    observed = dataset.training.sample(Self.mostObserved, seed: seed, part: 2)
    validation = dataset.validation.sample(Self.most, seed: seed, part: 1)
    test = dataset.test
  }
}

extension Examples {
  /// Every row, or `count` of them where there are more.
  fileprivate func sample(_ count: Int, seed: UInt64, part: UInt64) -> Examples {
    guard rows > count else { return self }
    let (width, targetWidth) = (inputs.count / rows, targets.count / rows)
    var stream = RandomStream(seed: seed, stream: .evaluation, layer: part)
    var sample = Examples(rows: count, inputs: [], targets: [], targetSteps: targetSteps)
    let chosen = stream.sample(count, of: rows)
    sample.lengths = lengths.map { lengths in chosen.map { lengths[$0] } }
    sample.targetLengths = targetLengths.map { lengths in chosen.map { lengths[$0] } }
    sample.inputs.reserveCapacity(count * width)
    sample.targets.reserveCapacity(count * targetWidth)
    for row in chosen {
      sample.inputs += inputs[row * width..<(row + 1) * width]
      sample.targets += targets[row * targetWidth..<(row + 1) * targetWidth]
    }
    return sample
  }
}

extension RandomStream {
  /// `count` different numbers of 0..<`bound`, ascending, every set of them equally likely: Floyd's algorithm (Bentley
  /// and Floyd, CACM 30(9), 1987). O(count · log count).
  package mutating func sample(_ count: Int, of bound: Int) -> [Int] {
    var chosen: Set<Int> = []
    chosen.reserveCapacity(count)
    for last in bound - count..<bound where !chosen.insert(below(last + 1)).inserted {
      chosen.insert(last)
    }
    return chosen.sorted()
  }
}
