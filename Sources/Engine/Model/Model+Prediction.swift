// Prediction and evaluation by a model that is being trained: its predictor's, with the model's team.

extension Model {
  /// Writes the linked outputs of some rows (``Predictor/predict(inputs:rows:lengths:into:rule:)``).
  public func predict(
    inputs: UnsafePointer<Float>, rows: Int, lengths: UnsafePointer<Int32>? = nil,
    into outputs: UnsafeMutablePointer<Float>, rule: InferenceRule? = nil
  ) {
    predictor.predict(RowBlock(inputs, rows: rows, lengths), into: outputs, rule: rule, run: forward)
  }

  /// The linked outputs of some rows, row-major.
  ///
  /// - Parameters:
  ///   - inputs: row-major, `rows` × the specification's inputs.
  ///   - lengths: steps of each row, at least 1; nil: all of them.
  public func predictions(inputs: [Float], rows: Int, lengths: [Int32]? = nil) -> [Float] {
    predictor.predictions(inputs: inputs, rows: rows, lengths: lengths, run: forward)
  }

  /// The linked outputs of some rows, row-major, and their mean loss (``evaluateLoss(inputs:targets:rows:lengths:rule:)``), by the
  /// passes of one of them; of no rows NaN.
  ///
  /// - Parameters:
  ///   - inputs: row-major, `rows` × the specification's inputs.
  ///   - targets: row-major, `rows` × the loss's targets, for each step where the model gives sequences.
  ///   - lengths: steps of each row, at least 1; nil: all of them.
  ///   - isStopped: asked before every block of ``Predictor/capacity`` rows.
  /// - Returns: nil once it is stopped.
  public func evaluate(
    inputs: [Float], targets: [Float], rows: Int, lengths: [Int32]? = nil, unless isStopped: () -> Bool
  ) -> (outputs: [Float], loss: Double)? {
    predictor.evaluate(
      inputs: inputs, targets: targets, rows: rows, lengths: lengths, isStopped: isStopped, run: forward)
  }

  /// The mean loss of predictions: of the averaged probabilities where the rule averages, else of the logits.
  public func evaluateLoss(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int,
    lengths: UnsafePointer<Int32>? = nil, rule: InferenceRule? = nil
  ) -> Double {
    predictor.evaluateLoss(
      RowBlock(inputs, rows: rows, lengths), targets: targets, rule: rule, run: forward)
  }

  /// Shows what every activation reads, its pre-activations, chunk by chunk: for input statistics. A gate's activation
  /// reads the second half of the layer before; one in a recurrent cell what it read at every step.
  ///
  /// Where a random activation averages, all are passed as their expected functions, since no single pass stands for the
  /// average.
  public func forEachActivation(
    inputs: UnsafePointer<Float>, rows: Int, lengths: UnsafePointer<Int32>? = nil, _ body: ActivationValues
  ) {
    predictor.forEachActivation(RowBlock(inputs, rows: rows, lengths), run: forward, body)
  }

  /// The activation layers, first to last, as they are now.
  public var activationLayers: [ActivationLayerView] { predictor.activationLayers }
}
