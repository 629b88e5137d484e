// Functions that are legal inside recurrent cells and rarely do well there.

import Activations
import Data
import JSON
import Text

/// What is known beforehand of functions that are applied again at every step of a row.
///
/// - `gate_not_bounded`: a gate may be below 0 or above 1, so that a state grows as its power by the number of steps.
/// - `unbounded_recurrence`: a function without bounds feeds back: at both places of an LSTM, or in an `rnn` whose gradients
///   are not clipped.
/// - `vanishing_recurrence`: an `rnn` whose function is flat, E φ′² < 0.1 for standard normal inputs, forgets within a few steps.
struct RecurrentWarnings {
  private static let leastSlope = 0.1
  private static let leastClipped = 1.0

  /// The job's; nil where it is faulty.
  let activation: ActivationSpecification?
  /// Whether gradients are clipped by their norm.
  let isClipped: Bool

  /// A warning for each of them.
  ///
  /// - Parameter pointer: where the layers are.
  func warnings(_ layers: [any LayerSection], at pointer: JSONPointer) -> [Warning] {
    layers.enumerated().flatMap { index, layer -> [Warning] in
      let place = pointer.appending(index)
      guard let recurrent = layer as? RecurrentSection else {
        return warnings(layer.inner, at: place.appending("layers"))
      }
      return [gates(recurrent, at: place), unbounded(recurrent, at: place), flat(recurrent, at: place)]
        .compactMap { $0 }
    }
  }

  // MARK: - Kinds

  private func gates(_ layer: RecurrentSection, at place: JSONPointer) -> Warning? {
    guard let gates = layer.gates?.specification,
      let found = gates.initialBounds.first(where: isBeyond)
    else { return nil }
    return Warning(
      code: "gate_not_bounded",
      message:
        "the gates of `\(layer.type)` are \(words(found)) at first, not within 0 and 1: a gate above 1 makes a state grow with "
        + "every step, one below 0 turns it about; `sigmoid` and `hard_sigmoid` stay within",
      pointer: place.appending("recurrent_activation"))
  }

  /// Whether values are not within 0 and 1, but for rounding.
  private func isBeyond(_ bounds: ActivationBounds) -> Bool {
    guard let low = bounds.infimum, let high = bounds.supremum else { return true }
    return low < -1e-6 || high > 1 + 1e-6
  }

  private func unbounded(_ layer: RecurrentSection, at place: JSONPointer) -> Warning? {
    guard layer.cell != .gru, !areBounded(layer.activation) else { return nil }
    if layer.cell == .lstm {
      guard case .shared = layer.output else { return nil }
      return Warning(
        code: "unbounded_recurrence",
        message:
          "a function without bounds at both places of `lstm` makes gradients explode, which clipping does not mend; leave "
          + "`output_activation` at `tanh`",
        pointer: place.appending("output_activation"))
    }
    guard !isClipped else { return nil }
    return Warning(
      code: "unbounded_recurrence",
      message:
        "a function without bounds feeds back into itself at every step of `rnn`, and gradients may explode; set "
        + "`gradient_clip_norm` to \(text(of: Self.leastClipped)), or use `lstm` or `gru`",
      pointer: self.place(ofActivationIn: layer, at: place))
  }

  private func flat(_ layer: RecurrentSection, at place: JSONPointer) -> Warning? {
    guard layer.cell == .rnn, let activation = specification(layer.activation) else { return nil }
    let slope = activation.moments.derivativeSecondMoment
    guard slope < Self.leastSlope else { return nil }
    return Warning(
      code: "vanishing_recurrence",
      message:
        "the function of `rnn` is so flat (its squared slope is \(short(slope)) in the mean) that "
        + "steps are forgotten after a few others; use `parametric_tanh`, or `lstm` or `gru`",
      pointer: self.place(ofActivationIn: layer, at: place))
  }

  // MARK: - Functions

  /// Nil for the identity, and where it is faulty.
  private func specification(_ choice: ActivationChoice) -> ActivationSpecification? {
    switch choice {
    case .job: activation
    case .none: nil
    case .own(let section): section.specification
    }
  }

  private func areBounded(_ choice: ActivationChoice) -> Bool {
    if case .none = choice { return false }
    return specification(choice)?.initialBounds.allSatisfy(\.areFinite) ?? true
  }

  /// The member that names the function; the layer where it is the job's.
  private func place(ofActivationIn layer: RecurrentSection, at place: JSONPointer) -> JSONPointer {
    if case .job = layer.activation { place } else { place.appending("activation") }
  }

  /// "between -1 and 1"
  private func words(_ bounds: ActivationBounds) -> String {
    switch (bounds.infimum, bounds.supremum) {
    case (let low?, let high?): "between \(short(low)) and \(short(high))"
    case (let low?, nil): "at least \(short(low)) and without an upper bound"
    case (nil, let high?): "at most \(short(high)) and without a lower bound"
    case (nil, nil): "without bounds"
    }
  }

  /// Three decimals.
  private func short(_ value: Double) -> String { text(of: (value * 1000).rounded() / 1000 + 0) }
}
