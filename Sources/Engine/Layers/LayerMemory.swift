// How much memory the layers of a model are made with.

/// What layers allocate for, which is decided once, when the model is planned.
struct LayerMemory {
  /// The most rows of a pass.
  var rows: Int
  /// How many of them are positions of one row of the step.
  var positions = 1
  /// How many members of a team call at the same time.
  var members = 1
  /// Whether there are training steps; without them what only a way back needs has no memory.
  var isForTraining: Bool

  /// Rows of what only training steps need: gradients, masks, noise, records.
  var trainingRows: Int { isForTraining ? rows : 0 }

  /// The same for a part of a layer that sees other rows than the layer.
  func with(rows: Int) -> LayerMemory {
    var memory = self
    (memory.rows, memory.positions) = (rows, 1)
    return memory
  }

  /// The same for a layer that sees each position of a row as a row.
  func over(positions: Int) -> LayerMemory {
    var memory = self
    (memory.rows, memory.positions) = (rows * positions, positions)
    return memory
  }
}
