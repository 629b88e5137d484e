// The two states of a model that a run holds on to: the newest whole epoch's and the best one's.

package import Engine

/// The state at the end of the newest epoch, which a diverging epoch falls back on, and that of the best epoch.
///
/// There are two buffers. An epoch's state goes into the one that does not hold the best; where it is the best itself, the
/// two change places. So an epoch costs one copy of the parameters and no memory.
package struct KeptStates: Sendable {
  private var states: (ModelState, ModelState)
  private var newestIsSecond = false
  /// Nil: no epoch was the best yet.
  private var bestIsSecond: Bool?

  /// Both buffers hold the model's state before its first step.
  package init(_ model: Model) {
    let state = model.state()
    states = (state, state)
    // Of two that share their memory the one written first would take new memory in the middle of the run.
    states.1.parameters.withUnsafeMutableBufferPointer { _ in }
    states.1.statistics.withUnsafeMutableBufferPointer { _ in }
  }

  /// As they were when they were taken.
  ///
  /// - Parameters:
  ///   - best: the state of the best epoch, if it is not the newest.
  ///   - isNewestBest: whether the newest epoch is the best.
  init(newest: ModelState, best: ModelState?, isNewestBest: Bool) {
    states = (newest, best ?? newest)
    states.1.parameters.withUnsafeMutableBufferPointer { _ in }
    states.1.statistics.withUnsafeMutableBufferPointer { _ in }
    bestIsSecond = best != nil ? true : isNewestBest ? false : nil
  }

  /// The state of the best epoch where that is not the newest.
  var bestIfOther: ModelState? { bestIsSecond == newestIsSecond ? nil : best }

  /// The state of the newest epoch; before the first, the initial one.
  package var newest: ModelState { newestIsSecond ? states.1 : states.0 }

  /// Nil before an epoch was the best.
  package var best: ModelState? { bestIsSecond.map { $0 ? states.1 : states.0 } }

  /// Takes the state of a model at the end of an epoch.
  package mutating func take(_ model: Model, isBest: Bool) {
    newestIsSecond = !(bestIsSecond ?? true)
    if newestIsSecond {
      model.copyState(into: &states.1)
    } else {
      model.copyState(into: &states.0)
    }
    if isBest { bestIsSecond = newestIsSecond }
  }
}
