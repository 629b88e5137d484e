// How much memory the layers of a model are made with.

/// What layers allocate for, which is decided once, when the model is planned.
struct LayerMemory {
  /// The most rows of a pass.
  var rows: Int
  /// How many members of a team call at the same time.
  var members = 1
  /// Whether there are training steps; without them what only a way back needs has no memory.
  var isForTraining: Bool

  /// Rows of what only training steps need: gradients, masks, noise, records.
  var trainingRows: Int { isForTraining ? rows : 0 }

  /// The same for a part of a layer that sees other rows than the layer.
  func with(rows: Int) -> LayerMemory {
    var memory = self
    memory.rows = rows
    return memory
  }
}
