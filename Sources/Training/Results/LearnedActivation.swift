// What one activation layer has learned: its curves where data fell, what they resemble, and what to make of them.

public import Activations
import Engine

/// Where the curves of a trained model are sampled.
public struct CurveSampling: Sendable, Hashable {
  /// Ends of the range; nil takes the end of what the layer read in training, or ±6 where that is a single point or
  /// there is no layer. Where an end that is given lies beyond all of that, the range is as wide as that.
  public var from: Double?
  /// As `from`.
  public var to: Double?
  /// At least 2.
  public var points: Int

  /// By default where the layer read something, at 121 points.
  public init(from: Double? = nil, to: Double? = nil, points: Int = 121) {
    self.from = from
    self.to = to
    self.points = points
  }

  /// The points for one layer; `margin` widens a range that is taken from the data, as a share of its width.
  func grid(_ input: InputStatistics, margin: Double = 0) -> [Double] {
    let width = input.maximum - input.minimum
    guard width > 0, width.isFinite else { return grid() }
    return grid(over: input.minimum - margin * width...input.maximum + margin * width)
  }

  /// The points, evenly spaced, both ends included.
  func grid(over usual: ClosedRange<Double> = -6...6) -> [Double] {
    var (low, high) = (from ?? usual.lowerBound, to ?? usual.upperBound)
    if low >= high {
      let width = usual.upperBound - usual.lowerBound
      if to == nil { high = low + width } else { low = high - width }
    }
    return (0..<points).map { low + (high - low) * Double($0) / Double(points - 1) }
  }
}

/// One activation layer's curves, before and after training.
public struct LearnedActivation: Sendable {
  /// `layers.0.activation`.
  public var name: String
  /// The strategy's name, such as `parametric`.
  public var strategy: String
  /// The function in terms of x and its parameters.
  public var formula: String
  /// Where the curves are sampled, ascending.
  public var x: [Double]
  /// The mean over the units.
  public var initial: [Double]
  /// `[set][point]`: one curve, or one for each unit whose parameters are its own.
  public var trained: [[Double]]
  /// ∂f/∂x of the trained curves, as `trained`.
  public var derivatives: [[Double]]
  /// The means over the units.
  public var meanTrained: [Double]
  /// ∂f/∂x, the mean over the units.
  public var meanDerivative: [Double]
  /// What the layer read over the training rows: edges of bins, one more than counts.
  public var inputEdges: [Double]
  /// Pre-activations in each bin.
  public var inputCounts: [Int]
  /// Catalogue entries that the trained curve resembles where data fell, best first; empty if not asked for.
  public var nearest: [Resemblance]
  /// The parameters as short text: `a 1.00 → 2.82`. Only where there are few.
  public var parameters: [(name: String, initial: Double, trained: Double)]
  /// What to keep in mind about this layer.
  public var notes: [String]

  /// The nearest catalogue entry in words: "nearest is `softplus` up to scale (R² 0.9987)".
  public var resemblance: String? { nearest.first?.statement }
}

extension TrainedModel {
  /// What each activation layer has learned, in the order of the layers.
  ///
  /// - Parameters:
  ///   - margin: how far the range that a layer read is widened on both sides, as a share of its width.
  ///   - comparing: whether to look for the nearest catalogue entries, which takes some tens of milliseconds a layer
  ///     the first time.
  public func learnedActivations(
    _ sampling: CurveSampling, margin: Double = 0, comparing: Bool = true
  ) -> [LearnedActivation] {
    let snapshots = snapshots
    let (before, after) = (snapshots.before, snapshots.after)
    return assembly.sites.indices.map { index in
      let x = sampling.grid(inputStatistics[index], margin: margin)
      let curves = curves(of: index, before: before, after: after, x: x)
      let view = after.layers[index]
      let few = view.parameters.filter { $0.isTrainable && $0.current.count == 1 }
      return LearnedActivation(
        name: assembly.sites[index].name, strategy: view.specification.strategyName,
        formula: view.specification.formula, x: x, initial: curves.initial.meanValue,
        trained: curves.trained.values, derivatives: curves.trained.derivatives,
        meanTrained: curves.trained.meanValue, meanDerivative: curves.trained.meanDerivative,
        inputEdges: inputStatistics[index].edges, inputCounts: inputStatistics[index].counts,
        nearest: comparing ? nearest(to: index, before: before, after: after) : [],
        parameters: few.count > 8
          ? [] : few.map { ($0.name, Double($0.initial[0]), Double($0.current[0])) },
        notes: notes(of: view))
    }
  }

  /// Computes what questions about the learned activations wait for the first time: some tens of milliseconds a layer.
  public func prepareFindings() {
    let snapshots = snapshots
    for index in assembly.sites.indices {
      _ = nearest(to: index, before: snapshots.before, after: snapshots.after)
      _ = notes(of: snapshots.after.layers[index])
    }
  }

  /// The model's activations at the start and after training.
  var snapshots: ActivationFindings.Snapshots {
    findings.snapshots {
      let initial = plan.initialActivations(seed: seed)
      return ActivationFindings.Snapshots(
        before: ActivationSnapshot(predictor(of: initial), values: initial.parameters),
        after: withPredictor { ActivationSnapshot($0, values: state.parameters) })
    }
  }

  func notes(of view: ActivationLayerView) -> [String] {
    findings.notes(of: view.activation) { view.specification.notes }
  }

  /// The curves of one layer.
  ///
  /// For a random activation the initial curve is Σ pₖ fₖ, and the trained one what a single-pass prediction uses: the
  /// chosen candidate for `finalize` and `best`, else again Σ pₖ fₖ. For a mixture the initial curve weighs all functions
  /// alike, and the trained one is what prediction uses. For a hypernetwork the curve has the parameters that it
  /// generates for typical data.
  func curves(
    of index: Int, before: ActivationSnapshot, after: ActivationSnapshot, x: [Double]
  ) -> (initial: SampledCurve, trained: SampledCurve) {
    let view = after.layers[index]
    let trainable = view.parameters.filter(\.isTrainable)
    switch view.specification.kind {
    case .single(let function):
      return (
        SampledCurve(function, x: x, values: trainable.map(\.initial)),
        SampledCurve(function, x: x, values: trainable.map(\.current))
      )
    case .mixture(let mixture):
      return (
        SampledCurve(mixture.target, x: x, values: view.parameters.map(\.initial)),
        SampledCurve(mixture.target, x: x, values: after.predictionWeights(mixture, of: view))
      )
    case .generated(let hypernetwork):
      return (
        SampledCurve(
          hypernetwork.target, x: x, values: trainable.map { before.typical($0.name, layer: index) }),
        SampledCurve(hypernetwork.target, x: x, values: trainable.map(\.current))
      )
    case .random(let choice):
      let chosen =
        switch choice.inference {
        case .average, .expected: choice.expected
        case .finalize: choice.candidates[choice.mostProbable]
        case .best: choice.candidates[state.selected[view.activation] ?? choice.mostProbable]
        }
      return (SampledCurve(choice.expected, x: x, values: []), SampledCurve(chosen, x: x, values: []))
    }
  }

  /// The functions without parameters that a layer's mean trained curve resembles, weighted by how often each input was
  /// read. (That a trained sigmoid is a parametric sigmoid would be no news.)
  ///
  /// - Complexity: some tens of milliseconds for a layer at first, then O(1).
  func nearest(to index: Int, before: ActivationSnapshot, after: ActivationSnapshot) -> [Resemblance] {
    findings.nearest(to: index) { findNearest(to: index, before: before, after: after) }
  }

  private func findNearest(
    to index: Int, before: ActivationSnapshot, after: ActivationSnapshot
  ) -> [Resemblance] {
    let input = inputStatistics[index]
    let x = CurveSampling(points: 129).grid(input)
    let curve =
      after.layers[index].preciseCurve(x)
      ?? curves(of: index, before: before, after: after, x: x).trained.meanValue
    let total = Double(input.counts.reduce(0, +))
    let points = zip(x, curve).map { x, y in
      let share = (x - input.minimum) / (input.maximum - input.minimum) * Double(input.counts.count)
      let bin = share.isFinite ? min(max(Int(share), 0), input.counts.count - 1) : 0
      // A little everywhere: rare inputs count less, not nothing.
      let density = total > 0 ? Double(input.counts[bin]) / total * Double(input.counts.count) : 1
      return CurvePoint(x: x, y: y, weight: density + 0.02)
    }
    guard points.allSatisfy({ $0.y.isFinite }) else { return [] }
    return PriorArt.withoutParameters.nearest(to: points)
  }
}

extension ActivationLayerView {
  /// The trained curve of one function in double precision, the mean over the units; nil for other kinds and for very
  /// many units. Rounded to single precision no curve would be exactly the function that it is.
  fileprivate func preciseCurve(_ x: [Double]) -> [Double]? {
    guard case .single(let function) = specification.kind, let sets = parameters.first?.current.count,
      sets <= 64
    else { return nil }
    let values = (0..<sets).map { set in
      Dictionary(
        uniqueKeysWithValues: parameters.map { ($0.name, Double($0.current[min(set, $0.current.count - 1)])) }
      )
    }
    return x.map { x in
      values.reduce(0) { $0 + function.expression.evaluate(x: x, parameters: $1) } / Double(sets)
    }
  }
}

extension ActivationSpecification {
  /// What a client should know about the activation's parameters before reading anything into them.
  package var notes: [String] {
    guard case .single(let function) = kind, presentation == .named else {
      return []
    }
    let facts = ParameterAnalysis.all(of: function)
    var notes = facts.filter { $0.mobility == .stuck || $0.mobility == .noInfluence }.compactMap(\.statement)
    let shifts = facts.filter { !$0.roles.isEmpty && $0.mobility != .noInfluence }
    if granularity == .unit, !shifts.isEmpty {
      let names = shifts.map { "`\($0.name)`" }.joined(separator: ", ")
      notes.append(
        "Where every unit has its own, \(names) \(shifts.count == 1 ? "is" : "are") mere re-parameterisation "
          + "(\(shifts.map { $0.roles.map(\.rawValue).joined(separator: " and ") }.joined(separator: "; "))): weights "
          + "and biases could do the same, so that the path of training changes and not what can be learned.")
    }
    return notes
  }
}
