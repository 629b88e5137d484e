// The norms of a run's gradients: what is usual, and what stands out of it.

/// Collects the norm of every step's gradient and compares the largest of an epoch with what was usual until then.
package struct GradientNorms: Sendable, Equatable {
  /// A step whose gradient was far larger than usual.
  package struct Spike: Sendable, Equatable {
    /// Counted from 1.
    package var epoch: Int
    /// Of its gradient, before any clipping.
    package var norm: Double
    /// The largest median of an epoch until then.
    package var usual: Double

    /// A step's norm, and what was usual.
    package init(epoch: Int, norm: Double, usual: Double) {
      (self.epoch, self.norm, self.usual) = (epoch, norm, usual)
    }

    /// How many times it was what was usual.
    package var ratio: Double { norm / usual }
  }

  /// A norm is a spike beyond so many times what is usual.
  package static let factor = 100.0

  /// Of the epoch so far; with room for all of its steps, since a step allocates nothing.
  var norms: [Double] = []
  var largestMedian = 0.0
  /// The one that stood out most.
  package internal(set) var spike: Spike?

  /// With room for the norms of an epoch.
  package init(stepsPerEpoch: Int) { norms.reserveCapacity(stepsPerEpoch) }

  /// Adds a step's.
  package mutating func append(_ norm: Double) { norms.append(norm) }

  /// Judges the epoch's; does nothing where they have been judged.
  ///
  /// What is usual never falls: near the end of a training that succeeds, most gradients are close to nothing. Where an epoch
  /// is one step, only those before it say what is usual.
  package mutating func endEpoch(_ epoch: Int) {
    if norms.isEmpty { return }
    norms.sort()
    let (median, largest) = (norms[(norms.count - 1) / 2], norms[norms.count - 1])
    let usual = norms.count > 1 ? max(largestMedian, median) : largestMedian
    if usual > 0, largest > Self.factor * usual, largest / usual > spike?.ratio ?? 0 {
      spike = Spike(epoch: epoch, norm: largest, usual: usual)
    }
    largestMedian = max(largestMedian, median)
    norms.removeAll(keepingCapacity: true)
  }
}
