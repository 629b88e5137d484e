// A layer of the document that cannot be used as it stands: what it makes of a row is not known.

/// Holds the place of a layer whose own faults have been told, so that none is told of what follows from them.
struct FaultySection: LayerSection {
  /// Empty where that is not known either.
  var type: String

  func assemble(_ assembler: inout LayerAssembler) { assembler.stop() }
}

extension LayerSection {
  /// Whether it, or a layer inside it, cannot be used.
  var hasFault: Bool { self is FaultySection || inner.contains { $0.hasFault } }
}
