// Which candidate each random activation of a model uses, in training and in each pass of prediction.

public import Activations

/// The random activation layers of a model and the draws that decide them.
///
/// Draws are keyed by (seed, step or epoch, layer): a network-wide choice has one key for all its layers, a layer's
/// choice its own, and unit choices are read in order from their layer's stream.
final class RandomDraws {
  /// At most this many combinations are enumerated.
  static let maximumCombinations = 64
  /// How many draws stand for more combinations than that.
  static let sampledDraws = 16

  /// Layers whose choice is drawn together.
  private final class Group {
    /// The activation's index in the specification.
    let activation: Int
    let choice: RandomChoice
    let key: UInt64
    var layers: [RandomActivation]
    /// The layers' own keys.
    var members: [UInt64]
    /// How often each candidate was drawn in training, unit by unit where units draw.
    var draws: [Int]

    init(activation: Int, choice: RandomChoice, key: UInt64, layer: RandomActivation, member: UInt64) {
      self.activation = activation
      self.choice = choice
      self.key = key
      layers = [layer]
      members = [member]
      draws = choice.candidates.map { _ in 0 }
    }

    /// How many independent choices the group makes.
    var choices: Int { choice.scope == .unit ? layers[0].units : 1 }
  }

  private let seed: UInt64
  private var groups: [Group] = []
  /// Candidates that training uses instead of drawing, by activation.
  var fixed: [Int: Int] = [:]
  /// Candidates that the rule `best` predicts with, by activation.
  var selected: [Int: Int] = [:]

  init(seed: UInt64) { self.seed = seed }

  /// - Parameter key: the layer's own part of its draws' keys.
  func add(_ layer: RandomActivation, activation: Int, key own: UInt64) {
    if layer.choice.scope == .network, let group = groups.first(where: { $0.activation == activation }) {
      group.layers.append(layer)
      group.members.append(own)
      return
    }
    // Network-wide choices have keys of their own, so that they never repeat a layer's draws.
    let key = layer.choice.scope == .network ? 1 << 31 | UInt64(activation) : own
    groups.append(
      Group(activation: activation, choice: layer.choice, key: key, layer: layer, member: own))
  }

  /// How often each candidate was drawn for what was added with this key.
  func draws(ofKey key: UInt64) -> [Int] { groups.first { $0.members.contains(key) }?.draws ?? [] }

  /// How often each candidate was drawn, group by group.
  var counts: [[Int]] {
    get { groups.map(\.draws) }
    set { for (group, draws) in zip(groups, newValue) { group.draws = draws } }
  }

  /// Whether these may be its counts and fixed candidates.
  func accepts(_ counts: [[Int]], fixed: [Int: Int]) -> Bool {
    counts.map(\.count) == groups.map(\.draws.count) && counts.allSatisfy { $0.allSatisfy { $0 >= 0 } }
      && fixed.allSatisfy { activation, candidate in
        groups.contains { $0.activation == activation && $0.draws.indices.contains(candidate) }
      }
  }

  /// Goes on with the counts and choices of a model with the same random layers.
  func takeOver(_ other: RandomDraws) {
    (counts, fixed, selected) = (other.counts, other.fixed, other.selected)
  }

  func fix(_ candidate: Int?, of activation: Int) { fixed[activation] = candidate }

  // MARK: Training

  /// Decides every layer for a training step and counts the draws.
  func draw(step: UInt64, epoch: UInt64) {
    for group in groups {
      if let candidate = fixed[group.activation] {
        set(group, to: candidate)
        group.draws[candidate] += group.choices
        continue
      }
      var stream = RandomStream(
        seed: seed, stream: .choice, step: group.choice.every == .epoch ? epoch : step, layer: group.key)
      draw(group, from: &stream)
      if group.choice.scope == .unit {
        for candidate in group.layers[0].unitCandidates { group.draws[candidate] += 1 }
      } else if case .candidate(let candidate) = group.layers[0].selection {
        group.draws[candidate] += 1
      }
    }
  }

  private func draw(_ group: Group, from stream: inout RandomStream) {
    if group.choice.scope == .unit {
      let layer = group.layers[0]
      layer.selection = .perUnit
      for unit in 0..<layer.units {
        layer.unitCandidates[unit] = stream.index(probabilities: group.choice.probabilities)
      }
    } else {
      set(group, to: stream.index(probabilities: group.choice.probabilities))
    }
  }

  private func set(_ group: Group, to candidate: Int) {
    for layer in group.layers { layer.selection = .candidate(candidate) }
  }

  // MARK: Prediction

  /// The rule for an activation: the caller's, or what its specification asks for.
  private func rule(for group: Group, _ override: InferenceRule?) -> InferenceRule {
    if let override { return override }
    return switch group.choice.inference {
    case .average: .average
    case .expected: .expected
    case .finalize: .candidate(group.choice.mostProbable)
    case .best: .candidate(selected[group.activation] ?? group.choice.mostProbable)
    }
  }

  /// How many passes a prediction takes.
  func passCount(rule override: InferenceRule?) -> Int {
    averagedCombinations(rule: override) ?? Self.sampledDraws
  }

  /// Decides every layer for one pass of a prediction; returns the pass's weight in the average.
  func prepare(pass: Int, of count: Int, rule override: InferenceRule?) -> Double {
    let enumerated = averagedCombinations(rule: override) != nil
    var (weight, digits) = (1.0, pass)
    for group in groups {
      switch rule(for: group, override) {
      case .expected: for layer in group.layers { layer.selection = .expected }
      case .candidate(let candidate): set(group, to: candidate)
      case .average where enumerated: weight *= enumerate(group, &digits)
      case .average:
        var stream = RandomStream(seed: seed, stream: .averaging, step: UInt64(pass), layer: group.key)
        draw(group, from: &stream)
      }
    }
    return enumerated ? weight : 1 / Double(count)
  }

  /// Sets a group to the combination that the low digits name, and takes them off; returns its probability.
  private func enumerate(_ group: Group, _ digits: inout Int) -> Double {
    let probabilities = group.choice.probabilities
    var weight = 1.0
    for choice in 0..<group.choices {
      let candidate = digits % probabilities.count
      digits /= probabilities.count
      weight *= probabilities[candidate]
      if group.choice.scope == .unit {
        group.layers[0].unitCandidates[choice] = candidate
        group.layers[0].selection = .perUnit
      } else {
        set(group, to: candidate)
      }
    }
    return weight
  }

  // MARK: Combinations

  /// How many combinations all the draws have, or nil where there are more than are kept apart.
  var combinations: Int? { combinations { _ in true } }

  /// ``combinations`` of the groups that the rule averages.
  private func averagedCombinations(rule override: InferenceRule?) -> Int? {
    combinations { rule(for: $0, override) == .average }
  }

  /// Makes no list of the groups: a pass that allocates would do so as often as the heap lets a list grow in place.
  private func combinations(where isCounted: (Group) -> Bool) -> Int? {
    groups.reduce(1) { product, group in
      isCounted(group)
        ? Self.product(product, choices: group.choices, candidates: group.choice.candidates.count) : product
    }
  }

  /// `product` times the combinations of some choices, or nil where there are more than are kept apart.
  private static func product(_ product: Int?, choices: Int, candidates: Int) -> Int? {
    guard var product else { return nil }
    for _ in 0..<choices {
      product *= candidates
      if product > maximumCombinations { return nil }
    }
    return product
  }

  /// ``combinations`` of a model that is only planned.
  static func combinations(of plan: ModelPlan) -> Int? {
    var networkWide: Set<Int> = []
    return plan.sites.reduce(1) { product, entry in
      let site = entry.site
      guard case .random(let choice) = plan.specification.activations[site.activation].kind,
        choice.scope != .network || networkWide.insert(site.activation).inserted
      else { return product }
      return Self.product(
        product, choices: choice.scope == .unit ? site.units : 1, candidates: choice.candidates.count)
    }
  }

  /// The number of the combination that is set, or nil where something other than candidates is.
  var combination: Int? {
    guard combinations != nil else { return nil }
    var (number, place) = (0, 1)
    for group in groups {
      for choice in 0..<group.choices {
        switch group.layers[0].selection {
        case .candidate(let candidate): number += place * candidate
        case .perUnit: number += place * group.layers[0].unitCandidates[choice]
        case .expected: return nil
        }
        place *= group.choice.candidates.count
      }
    }
    return number
  }
}

extension RandomChoice {
  /// The candidate of the largest probability, the first of several.
  public var mostProbable: Int {
    probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
  }
}
