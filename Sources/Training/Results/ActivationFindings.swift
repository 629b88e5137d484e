// What is found out about a trained model's activations once, however often it is asked for.

import Activations
import Text

/// The dear parts of the activations document: they depend on the trained state alone, not on the range or form in which a
/// client wants to see it. Shared by all copies of a model; safe from any thread.
final class ActivationFindings: Sendable {
  /// The activations before and after training.
  struct Snapshots: Sendable {
    let before: ActivationSnapshot
    let after: ActivationSnapshot
  }

  private enum Whole: Hashable { case model }

  private let snapshots = Memo<Whole, Snapshots>(capacity: 1)
  private let nearest = Memo<Int, [Resemblance]>()
  private let notes = Memo<Int, [String]>()

  func snapshots(_ compute: () -> Snapshots) -> Snapshots { snapshots.value(for: .model, compute) }

  /// - Parameter site: the layer's place among the activation layers.
  func nearest(to site: Int, _ compute: () -> [Resemblance]) -> [Resemblance] {
    nearest.value(for: site, compute)
  }

  /// - Parameter activation: the index in the model's activations, which may be that of several layers.
  func notes(of activation: Int, _ compute: () -> [String]) -> [String] {
    notes.value(for: activation, compute)
  }
}
