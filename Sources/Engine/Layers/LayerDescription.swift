// What a kind of layer is before anything is allocated: its shapes, its tensors, and how it is built.

import Activations

/// One layer of a specification, a value; each kind is one file with its description beside the layer that it builds.
///
/// A description trusts its own numbers: units are positive, rates lie in 0..<1, activation indices exist. Shapes are
/// asked for first (``output(from:)``); the other questions are asked only about shapes that it takes.
protocol LayerDescription: Sendable, Hashable {
  /// The kind, as documents have it: `dense`.
  var name: String { get }

  /// What the layer makes of a row.
  ///
  /// - Throws: where it cannot read such rows.
  func output(from input: RowShape) throws(ShapeFault) -> RowShape

  /// Whether each position of a row is computed for itself: it is then built for a vector of the channels, and called
  /// with the positions of all rows as its rows.
  var isPositionwise: Bool { get }

  /// Layers inside, which are computed before it.
  var inner: [LayerSpecification] { get }

  /// The activations that it applies, in the order of their parameters.
  func activations(from input: RowShape) -> [ActivationUse]

  /// Their indices in the specification's activations.
  var activationIndices: [Int] { get }

  /// Its own tensors, in their order, before those of its activations.
  func tensors(from input: RowShape) -> [LayerTensor]

  /// Multiply-adds of one forward pass over one row, in matrix products.
  func multiplyAdds(from input: RowShape) -> Int

  /// About how many numbers it holds for a row in a training step.
  func values(from input: RowShape) -> Int

  /// What is known of the size of its outputs.
  var signal: LayerSignal { get }

  /// Running statistics for each combination of draws; nil where it keeps none.
  func statisticsWidth(from input: RowShape) -> Int?

  /// How many steps are left of a row that had so many.
  func length(from length: Int) -> Int

  /// Whether it cannot read rows of different lengths.
  var needsOneLength: Bool { get }

  /// Whether it is made of filters, which step over its rows.
  var hasFilters: Bool { get }

  /// For each axis that windows step over, how many of its elements at the end are in none.
  func dropped(from input: RowShape) -> [(count: Int, of: Int)]

  /// Whether it adds a bias to each channel of its outputs.
  var hasBias: Bool { get }

  /// Whether what is added to a channel that it reads is added to one that it gives.
  var carriesBias: Bool { get }

  /// Whether it draws anew for every step of training, its activations aside.
  var isRandom: Bool { get }

  /// Whether it is made of cells, each of which reads a row step by step.
  var isRecurrent: Bool { get }

  /// How many tokens it knows; nil where it reads numbers.
  var tokens: Int? { get }

  /// Whether 0 is no token but padding in what it reads.
  var masksZero: Bool { get }

  /// Whether its statistics are those of a mini-batch.
  var normalizesBatch: Bool { get }

  /// Writes its own initial parameters that are not zero.
  func initialize(_ parameters: UnsafeMutablePointer<Float>, _ start: LayerStart)

  /// The layer with its memory.
  func make(_ place: LayerPlace) -> any Layer
}

extension LayerDescription {
  var isPositionwise: Bool { true }
  var inner: [LayerSpecification] { [] }
  func activations(from input: RowShape) -> [ActivationUse] { [] }
  var activationIndices: [Int] { [] }
  func tensors(from input: RowShape) -> [LayerTensor] { [] }
  func multiplyAdds(from input: RowShape) -> Int { 0 }
  func values(from input: RowShape) -> Int { input.count }
  var signal: LayerSignal { .unknown }
  func statisticsWidth(from input: RowShape) -> Int? { nil }
  func length(from length: Int) -> Int { length }
  var needsOneLength: Bool { false }
  var hasFilters: Bool { false }
  func dropped(from input: RowShape) -> [(count: Int, of: Int)] { [] }
  var hasBias: Bool { false }
  var carriesBias: Bool { false }
  var isRandom: Bool { false }
  var isRecurrent: Bool { false }
  var tokens: Int? { nil }
  var masksZero: Bool { false }
  var normalizesBatch: Bool { false }
  func initialize(_ parameters: UnsafeMutablePointer<Float>, _ start: LayerStart) {}
}

/// A place in a layer that has an activation.
struct ActivationUse {
  /// The index in the specification's activations.
  var index: Int
  /// The layer's member that names it: `activation`, `recurrent_activation`.
  var member = "activation"
  /// How many parameter sets or draws there are where each unit has its own.
  var units: Int
}

/// A tensor of a layer, before it has a place.
struct LayerTensor {
  /// `weight`, `forward.bias`.
  var name: String
  /// Row-major sizes.
  var shape: [Int]
  /// What the numbers do.
  var role: ParameterBlock.Role

  init(_ name: String, _ shape: [Int], _ role: ParameterBlock.Role) {
    (self.name, self.shape, self.role) = (name, shape, role)
  }

  var count: Int { shape.reduce(1, *) }
}

/// What is known of the size of a layer's outputs, for the initial weights of the layer that reads them.
enum LayerSignal {
  /// They are those of the layer's first activation.
  case activation
  /// They are the largest of so many pieces.
  case maximum(pieces: Int)
  /// They are as large as what the layer reads.
  case asRead
  /// Nothing, or they are normalised.
  case unknown
}

/// What a layer's initial parameters depend on.
struct LayerStart {
  var input: RowShape
  var output: RowShape
  var seed: UInt64
  /// The layer's own part of its draws' keys.
  var key: UInt64
  var initializer: Initializer
  /// What the weights make up for in the activation that the layer reads.
  var slopeGain: Double
  var signalGain: Double

  /// The stream that weights are drawn from.
  var stream: RandomStream { RandomStream(seed: seed, stream: .weights, layer: key) }

  /// What an initialiser's rule is told of a matrix of so many inputs and outputs.
  func context(inputs: Int, outputs: Int) -> InitializerContext {
    InitializerContext(
      inputs: Double(inputs), outputs: Double(outputs), slopeGain: slopeGain, signalGain: signalGain)
  }
}

/// Where a layer is built.
struct LayerPlace {
  /// What it reads; a vector of the channels for a layer that is positionwise.
  var input: RowShape
  var output: RowShape
  /// Where its own tensors start in the flat vectors.
  var offset: Int
  /// The layer's own part of its draws' keys.
  var key: UInt64
  var memory: LayerMemory
  /// How many combinations of draws running statistics keep apart.
  var combinations: Int
  /// Its activations, in the order of ``LayerDescription/activations(from:)``.
  var activations: [PlacedActivation]
}
