// An activation layer whose function is one of several candidates, chosen anew from outside before a pass.

import Activations

/// y = fₖ(x), where k is set for the whole layer or for each unit, or y = Σ pₖ fₖ(x).
final class RandomActivation: Layer {
  /// What the next pass computes.
  enum Selection {
    case candidate(Int)
    /// Unit u uses candidate `unitCandidates[u]`.
    case perUnit
    /// The expected function.
    case expected
  }

  var selection = Selection.expected
  /// For `.perUnit`.
  let unitCandidates: UnsafeMutableBufferPointer<Int>
  let choice: RandomChoice
  let units: Int
  private let functions: [Equipped]
  private let expected: Equipped
  /// The columns of one candidate, gathered: x, then y or dy, then dx.
  private let columns: (x: FloatBuffer, y: FloatBuffer, dx: FloatBuffer)
  private let discarded: FloatBuffer

  init(_ choice: RandomChoice, units: Int, memory: LayerMemory) {
    precondition(
      choice.candidates.allSatisfy(\.parameters.isEmpty),
      "candidates of a random choice have no trained parameters")
    self.choice = choice
    self.units = units
    unitCandidates = .allocate(capacity: units)
    unitCandidates.initialize(repeating: 0)
    functions = choice.candidates.map { Equipped($0, columns: units, memory: memory) }
    expected = Equipped(choice.expected, columns: units, memory: memory)
    let width = choice.scope == .unit ? units : 0
    columns = (
      FloatBuffer(count: memory.rows * width), FloatBuffer(count: memory.rows * width),
      FloatBuffer(count: memory.trainingRows * width)
    )
    discarded = FloatBuffer(count: memory.trainingRows * units)
  }

  deinit { unitCandidates.deallocate() }

  var isInPlace: Bool { true }

  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) { body(x, pass.rows, units) }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    switch selection {
    case .candidate(let index):
      functions[index].function.forward(
        x: x, y: y, rows: pass.rows, units: units, parameters: nil, sharing: .all,
        workspace: functions[index].workspaces[pass.member])
    case .expected:
      expected.function.forward(
        x: x, y: y, rows: pass.rows, units: units, parameters: nil, sharing: .all,
        workspace: expected.workspaces[pass.member])
    case .perUnit:
      let (columnsX, columnsY) = (columns.x.base + pass.first * units, columns.y.base + pass.first * units)
      for index in functions.indices {
        let chosen = ChosenColumns(self, candidate: index, columns: units)
        let width = chosen.gather(x, rows: pass.rows, into: columnsX)
        if width == 0 { continue }
        functions[index].function.forward(
          x: columnsX, y: columnsY, rows: pass.rows, units: width, parameters: nil, sharing: .all,
          workspace: functions[index].workspaces[pass.member])
        chosen.scatter(columnsY, rows: pass.rows, into: y)
      }
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let dx = dx ?? discarded.base + pass.first * units
    switch selection {
    case .candidate(let index):
      functions[index].function.backward(
        x: x, dy: dy, dx: dx, rows: pass.rows, units: units, parameters: nil, dparameters: nil, sharing: .all,
        workspace: functions[index].workspaces[pass.member])
    case .expected:
      expected.function.backward(
        x: x, dy: dy, dx: dx, rows: pass.rows, units: units, parameters: nil, dparameters: nil, sharing: .all,
        workspace: expected.workspaces[pass.member])
    case .perUnit:
      let (columnsX, columnsY) = (columns.x.base + pass.first * units, columns.y.base + pass.first * units)
      let columnsDx = columns.dx.base + pass.first * units
      for index in functions.indices {
        let chosen = ChosenColumns(self, candidate: index, columns: units)
        let width = chosen.gather(x, rows: pass.rows, into: columnsX)
        if width == 0 { continue }
        _ = chosen.gather(dy, rows: pass.rows, into: columnsY)
        functions[index].function.backward(
          x: columnsX, dy: columnsY, dx: columnsDx, rows: pass.rows, units: width,
          parameters: nil, dparameters: nil, sharing: .all,
          workspace: functions[index].workspaces[pass.member])
        chosen.scatter(columnsDx, rows: pass.rows, into: dx)
      }
    }
  }
}

/// A function with a workspace for each member of the team.
struct Equipped {
  let function: CompiledActivation
  let workspaces: [ActivationWorkspace]

  init(_ function: CompiledActivation, columns: Int, memory: LayerMemory) {
    self.function = function
    workspaces = (0..<memory.members).map { _ in
      function.makeWorkspace(maximumRows: memory.rows, units: columns)
    }
  }
}

/// The columns whose units have drawn one candidate.
struct ChosenColumns {
  let random: RandomActivation
  let candidate: Int
  let first: Int
  let columns: Int

  init(_ random: RandomActivation, candidate: Int, direction: Int = 0, columns: Int) {
    self.random = random
    self.candidate = candidate
    self.columns = columns
    first = direction * columns
  }

  private func contains(_ column: Int) -> Bool { random.unitCandidates[first + column] == candidate }

  /// Copies them side by side, and returns how many there are.
  func gather(
    _ from: UnsafePointer<Float>, rows: Int, into to: UnsafeMutablePointer<Float>
  ) -> Int {
    var width = 0
    for column in 0..<columns where contains(column) { width += 1 }
    var place = 0
    for column in 0..<columns where contains(column) {
      for row in 0..<rows { to[row * width + place] = from[row * columns + column] }
      place += 1
    }
    return width
  }

  func scatter(_ from: UnsafePointer<Float>, rows: Int, into to: UnsafeMutablePointer<Float>) {
    var width = 0
    for column in 0..<columns where contains(column) { width += 1 }
    var place = 0
    for column in 0..<columns where contains(column) {
      for row in 0..<rows { to[row * columns + column] = from[row * width + place] }
      place += 1
    }
  }
}
