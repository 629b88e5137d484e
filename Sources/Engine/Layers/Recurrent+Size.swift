// How large the states of recurrent layers were in the last step, for what is said of a run that diverged.

/// The largest state of a recurrent layer over all steps, rows and units.
package struct RecurrentStateSize: Equatable, Sendable {
  /// The layer's place among all layers as they are computed.
  package var layer: Int
  /// Whether it is the cell state c; else the output h.
  package var isCellState: Bool
  /// The largest size that is finite.
  package var largest: Float
  /// The step of a row where that was, counted from 0.
  package var step: Int
  /// The first step where one was infinite or no number.
  package var firstNotFinite: Int?
}

extension Recurrent {
  /// The largest of the last pass forward. O(rows · steps · units)
  fileprivate func stateSize(_ pass: Pass, layer: Int) -> RecurrentStateSize {
    var size = RecurrentStateSize(layer: layer, isCellState: cell.hasState, largest: 0, step: 0)
    forEachBlock(pass) { _, block in
      for direction in directions {
        for step in 0..<block.steps {
          let values =
            cell.hasState
            ? direction.state.base + block.place(of: step) * units
            : direction.output(after: step, block, units: units)
          for index in 0..<block.rows * units {
            let value = values[index].magnitude
            if !value.isFinite {
              size.firstNotFinite = min(size.firstNotFinite ?? step, step)
            } else if value > size.largest {
              (size.largest, size.step) = (value, step)
            }
          }
        }
      }
    }
    return size
  }
}

extension LayerStack {
  /// Of each recurrent layer, after a pass forward.
  func stateSizes(_ pass: Pass) -> [RecurrentStateSize] {
    layers.enumerated().compactMap { index, layer in
      (layer as? Recurrent)?.stateSize(own(pass, index), layer: index)
    }
  }
}
