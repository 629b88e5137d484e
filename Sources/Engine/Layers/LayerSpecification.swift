// A layer as a value of any kind: what a model's specification is a list of.

/// One layer of a model, by its kind and options; ``LayerDescription`` has what a kind must know.
public struct LayerSpecification: Sendable {
  let description: any LayerDescription

  init(_ description: some LayerDescription) { self.description = description }

  /// The kind, as documents have it: `dense`.
  public var name: String { description.name }

  /// The layers inside, then itself, as they are computed.
  package var flattened: [LayerSpecification] { description.inner.flatMap(\.flattened) + [self] }

  /// What the layer makes of a row; throws where it cannot read such rows.
  package func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    try description.output(from: input)
  }

  /// About how many numbers the layer, without those inside it, holds for a row in a training step.
  package func values(from input: RowShape) -> Int { description.values(from: input) }

  /// Numbers of its own tensors, its activations' aside; a double, because counting must not overflow before it is checked.
  package func parameterCount(from input: RowShape) -> Double {
    description.tensors(from: input).reduce(0.0) { sum, tensor in
      sum + tensor.shape.reduce(1.0) { $0 * Double($1) }
    }
  }

  /// The activations that it applies, by their indices in the specification, with the units of each.
  package func activationUnits(from input: RowShape) -> [(index: Int, units: Int)] {
    description.activations(from: input).map { ($0.index, $0.units) }
  }

  /// The activations that it applies, by their indices, with the members that name them.
  package var activationMembers: [(index: Int, member: String)] {
    description.activations(from: .features(2)).map { ($0.index, $0.member) }
  }

  /// Whether it reads a sequence step by step: its activations are inside a cell.
  package var isRecurrent: Bool { description.isRecurrent }

  /// How many tokens it knows, whole numbers from 0 on; nil where it reads none.
  package var tokens: Int? { description.tokens }

  /// Whether 0 is no token but padding in what it reads.
  package var masksZero: Bool { description.masksZero }

  /// Whether it cannot read rows of different lengths.
  package var needsOneLength: Bool { description.needsOneLength }

  /// How many steps are left of a row that had so many.
  package func length(from length: Int) -> Int { description.length(from: length) }

  /// Whether it is made of filters, which step over its rows.
  package var hasFilters: Bool { description.hasFilters }

  /// For each axis that windows step over, how many of its elements at the end are in none.
  package func dropped(from input: RowShape) -> [(count: Int, of: Int)] { description.dropped(from: input) }

  /// Whether it adds a bias to each channel of its outputs.
  package var hasBias: Bool { description.hasBias }

  /// Whether what is added to a channel that it reads is added to one that it gives.
  package var carriesBias: Bool { description.carriesBias }

  /// Whether statistics of the layer, or of one inside it, are those of a mini-batch.
  package var normalizesBatch: Bool { flattened.contains { $0.description.normalizesBatch } }
}

extension LayerSpecification: Hashable {
  public static func == (left: LayerSpecification, right: LayerSpecification) -> Bool {
    AnyHashable(left.description) == AnyHashable(right.description)
  }

  public func hash(into hasher: inout Hasher) { AnyHashable(description).hash(into: &hasher) }
}
