// An activation inside a recurrent cell: one function, applied step after step, whose parameters all steps share.

import Activations

/// The function of a cell: one of the model's activations, or one that no specification names.
enum CellFunction {
  case placed(PlacedActivation)
  case fixed(CompiledActivation)
}

/// Where a cell applies an activation: some rows of one step.
struct CellStep {
  /// 0 forward, 1 backward.
  var direction: Int
  /// Which of the cell's uses of the function it is; the cell state of an LSTM may be a second one.
  var use = 0
  /// Where the step's rows lie among all rows and steps, for what is kept from the way forward to the way back.
  var place: Int
  /// The first of the rows in the batch.
  var firstRow: Int
  var rows: Int
  var member: Int
  var isTraining: Bool
}

/// y = f(x) over matrices of rows × columns, for both directions of a layer and all of its uses.
///
/// With a parameter set for each unit, a direction has sets of its own, forward first. One draw and one noise for each row
/// and unit hold for all steps.
final class CellActivation {
  private enum Kind {
    case single(CompiledActivation)
    case mixture(MixtureWeights)
    case random(RandomActivation, [Equipped])
  }

  /// Columns of a call.
  private let columns: Int
  private let directions: Int
  /// Whether the kernels of cells compute it, so that nobody calls it.
  let isFused: Bool
  private let perUnit: Bool
  private let offset: Int
  private let kind: Kind
  /// The function of prediction, or for a random choice its expectation.
  private let main: Equipped
  private let noise: LayerNoise?
  /// Rows of the batch that noise was drawn for.
  private var noisyRows = 0
  /// The parameters of each direction, [parameter][column], where they have to be gathered.
  private let gathered: [FloatBuffer]
  private var parameters: UnsafePointer<Float>?
  /// By use and direction, what a step leaves for its way back.
  private let records: [[FloatBuffer]]
  private let recordedCount: Int
  /// The columns of one candidate side by side: x, y or dy, dx.
  private let chosen: [FloatBuffer]
  /// What `sumCount` sums of a block are added up to.
  private let totals: FloatBuffer

  /// - Parameters:
  ///   - columns: of a call; each direction has as many.
  ///   - steps: of a row.
  ///   - uses: how often a step applies the function.
  ///   - fused: the function that the kernels of cells compute in this place.
  init(
    _ source: CellFunction, columns: Int, directions: Int, steps: Int, uses: Int = 1,
    fused: Expression? = nil, memory: LayerMemory
  ) {
    self.columns = columns
    self.directions = directions
    let units = columns * directions
    func equipped(_ function: CompiledActivation) -> Equipped {
      Equipped(function, columns: columns, memory: memory)
    }
    var drawn: LayerNoise?
    var hasSets = false
    var first = 0
    switch source {
    case .fixed(let function):
      kind = .single(function)
      main = equipped(function)
    case .placed(let activation):
      hasSets = activation.isPerUnit
      first = activation.offset
      switch activation.specification.kind {
      case .single(let function):
        kind = .single(function)
        main = equipped(function)
        if memory.isForTraining {
          drawn = LayerNoise(function, units: units, memory: memory, key: activation.key)
        }
      case .mixture(let mixture):
        kind = .mixture(
          MixtureWeights(mixture, sets: hasSets ? units : 1, offset: activation.offset, memory: memory))
        main = equipped(mixture.target)
      case .random(let choice):
        hasSets = choice.scope == .unit
        kind = .random(
          activation.drawn,
          choice.candidates.map(equipped))
        main = equipped(choice.expected)
      case .generated:
        preconditionFailure("a cell's function has parameters of its own")
      }
    }
    (perUnit, offset) = (hasSets, first)
    noise = drawn
    isFused = if let fused, case .single(let function) = kind { function.isPlain(fused) } else { false }
    let isRandom = if case .random = kind { true } else { false }
    let count = isRandom ? 0 : main.function.parameters.count
    gathered =
      perUnit && directions > 1 && count > 0
      ? (0..<directions).map { _ in FloatBuffer(count: count * columns) } : []
    recordedCount = isRandom || isFused ? 0 : (drawn?.function ?? main.function).recordedCount
    let recorded = memory.trainingRows * steps * columns * recordedCount
    records = (0..<uses).map { _ in (0..<directions).map { _ in FloatBuffer(count: recorded) } }
    let isPerUnitChoice = isRandom && perUnit
    chosen = (0..<3).map { _ in FloatBuffer(count: isPerUnitChoice ? memory.rows * columns : 0) }
    totals = FloatBuffer(count: directions * count * (perUnit ? columns : 1))
  }

  /// How many sums over rows and steps a block of rows has for it: those of each direction, [parameter][column or one].
  var sumCount: Int { totals.count }

  private var sharing: CompiledActivation.Sharing { perUnit ? .unit : .all }

  /// Called by one thread before a forward pass.
  func prepare(_ pass: Pass) {
    let source: UnsafePointer<Float>
    switch kind {
    case .single: source = UnsafePointer(pass.parameters + offset)
    case .mixture(let weights):
      weights.prepare(pass)
      source = UnsafePointer(weights.values.base)
    case .random: return
    }
    parameters = source
    let total = columns * directions
    for (direction, buffer) in gathered.enumerated() {
      for index in 0..<buffer.count / columns {
        (buffer.base + index * columns).update(
          from: source + index * total + direction * columns, count: columns)
      }
    }
    if let noise, case .training(let seed, let step, _) = pass.purpose {
      noisyRows = pass.rows
      noise.draw(seed: seed, step: step, count: pass.rows * total)
    }
  }

  func forward(_ step: CellStep, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    if case .random(let random, let candidates) = kind {
      return forward(random, candidates, step, x: x, y: y)
    }
    let noisy = step.isTraining ? noise : nil
    (noisy?.function ?? main.function).forward(
      x: x, y: y, rows: step.rows, units: columns, parameters: parameters(of: step), sharing: sharing,
      workspace: (noisy?.workspaces ?? main.workspaces)[step.member], noise: numbers(noisy, step),
      record: record(step))
  }

  /// dx may be dy; `sums` has ``sumCount`` numbers, which are added to.
  func backward(
    _ step: CellStep, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>,
    sums: UnsafeMutablePointer<Float>
  ) {
    if case .random(let random, let candidates) = kind {
      return backward(random, candidates, step, x: x, dy: dy, dx: dx)
    }
    let own = sums + step.direction * (sumCount / directions)
    (noise?.function ?? main.function).backward(
      x: x, dy: dy, dx: dx, rows: step.rows, units: columns, parameters: parameters(of: step),
      dparameters: sumCount == 0 ? nil : own, sharing: sharing,
      workspace: (noise?.workspaces ?? main.workspaces)[step.member], noise: numbers(noise, step),
      record: record(step).map { UnsafePointer($0) })
  }

  private func parameters(of step: CellStep) -> UnsafePointer<Float>? {
    gathered.isEmpty ? parameters : UnsafePointer(gathered[step.direction].base)
  }

  private func numbers(_ noise: LayerNoise?, _ step: CellStep) -> UnsafePointer<Float>? {
    noise.map {
      UnsafePointer($0.values.base + (step.direction * noisyRows + step.firstRow) * columns)
    }
  }

  private func record(_ step: CellStep) -> UnsafeMutablePointer<Float>? {
    guard step.isTraining, recordedCount > 0 else { return nil }
    return records[step.use][step.direction].base + step.place * columns * recordedCount
  }

  /// Adds a member's share of what the blocks of a step have summed up. Layers may share parameters, so that the share is
  /// that of ``SingleActivation`` and ``MixtureActivation``: every number has one writer.
  ///
  /// - Parameters:
  ///   - sums: of the layer, of which the function's begin at `first`.
  func differentiate(_ pass: Pass, _ sums: BlockSums, from first: Int, _ member: Member) {
    guard sumCount > 0 else { return }
    let own = sumCount / directions
    var share = member.share(of: own, unit: 16)
    var gradient = pass.gradients + offset
    if case .mixture(let weights) = kind {
      guard member.index == 0 else { return }
      share = 0..<own
      gradient = weights.gradient.base
      gradient.update(repeating: 0, count: weights.gradient.count)
    }
    let width = perUnit ? columns : 1
    let sets = perUnit ? columns * directions : 1
    for direction in 0..<directions {
      let start = direction * own
      (totals.base + start + share.lowerBound).update(repeating: 0, count: share.count)
      sums.add(
        first + start + share.lowerBound..<first + start + share.upperBound, of: pass,
        to: totals.base - first)
      let place = gradient + (perUnit ? direction * columns : 0)
      for index in share { place[index / width * sets + index % width] += totals.base[start + index] }
    }
    if case .mixture(let weights) = kind { weights.addLogitGradients(pass) }
  }
}

extension CompiledActivation {
  /// Whether it is this function of x, in training too.
  fileprivate func isPlain(_ expression: Expression) -> Bool {
    self.expression == expression && parameters.isEmpty && training == nil
  }
}

// MARK: - Random choices

extension CellActivation {
  private func forward(
    _ random: RandomActivation, _ candidates: [Equipped], _ step: CellStep, x: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>
  ) {
    switch random.selection {
    case .candidate(let index): apply(candidates[index], step, x, y, columns)
    case .expected: apply(main, step, x, y, columns)
    case .perUnit:
      forEachChosen(random, candidates, step, x) { candidate, units, place, width in
        let outputs = chosen[1].base + place
        apply(candidate, step, chosen[0].base + place, outputs, width)
        units.scatter(outputs, rows: step.rows, into: y)
      }
    }
  }

  /// Calls `body` for every candidate that some units have drawn, once their columns of x lie side by side in the first of
  /// `chosen`, from `place` on.
  private func forEachChosen(
    _ random: RandomActivation, _ candidates: [Equipped], _ step: CellStep, _ x: UnsafePointer<Float>,
    _ body: (_ candidate: Equipped, _ units: ChosenColumns, _ place: Int, _ width: Int) -> Void
  ) {
    let place = step.firstRow * columns
    for index in candidates.indices {
      let units = ChosenColumns(random, candidate: index, direction: step.direction, columns: columns)
      let width = units.gather(x, rows: step.rows, into: chosen[0].base + place)
      if width > 0 { body(candidates[index], units, place, width) }
    }
  }

  private func apply(
    _ equipped: Equipped, _ step: CellStep, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    _ columns: Int
  ) {
    equipped.function.forward(
      x: x, y: y, rows: step.rows, units: columns, parameters: nil, sharing: .all,
      workspace: equipped.workspaces[step.member])
  }

  private func backward(
    _ random: RandomActivation, _ candidates: [Equipped], _ step: CellStep, x: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    func differentiate(
      _ equipped: Equipped, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
      _ dx: UnsafeMutablePointer<Float>, _ columns: Int
    ) {
      equipped.function.backward(
        x: x, dy: dy, dx: dx, rows: step.rows, units: columns, parameters: nil, dparameters: nil,
        sharing: .all, workspace: equipped.workspaces[step.member])
    }
    switch random.selection {
    case .candidate(let index): differentiate(candidates[index], x, dy, dx, columns)
    case .expected: differentiate(main, x, dy, dx, columns)
    case .perUnit:
      forEachChosen(random, candidates, step, x) { candidate, units, place, width in
        let (slopes, results) = (chosen[1].base + place, chosen[2].base + place)
        _ = units.gather(dy, rows: step.rows, into: slopes)
        differentiate(candidate, chosen[0].base + place, slopes, results, width)
        units.scatter(results, rows: step.rows, into: dx)
      }
    }
  }
}
