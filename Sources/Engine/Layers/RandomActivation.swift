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
  private let functions: [(function: CompiledActivation, workspace: ActivationWorkspace)]
  private let expectedWorkspace: ActivationWorkspace
  /// The columns of one candidate, gathered: x, then y or dy, then dx.
  private let columns: (x: FloatBuffer, y: FloatBuffer, dx: FloatBuffer)
  private let discarded: FloatBuffer

  init(_ choice: RandomChoice, units: Int, maximumRows: Int) {
    precondition(
      choice.candidates.allSatisfy(\.parameters.isEmpty),
      "candidates of a random choice have no trained parameters")
    self.choice = choice
    self.units = units
    unitCandidates = .allocate(capacity: units)
    unitCandidates.initialize(repeating: 0)
    functions = choice.candidates.map { ($0, $0.makeWorkspace(maximumRows: maximumRows, units: units)) }
    expectedWorkspace = choice.expected.makeWorkspace(maximumRows: maximumRows, units: units)
    let count = choice.scope == .unit ? maximumRows * units : 0
    columns = (FloatBuffer(count: count), FloatBuffer(count: count), FloatBuffer(count: count))
    discarded = FloatBuffer(count: maximumRows * units)
  }

  deinit { unitCandidates.deallocate() }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    switch selection {
    case .candidate(let index):
      functions[index].function.forward(
        x: x, y: y, rows: pass.rows, units: units, parameters: nil, sharing: .all,
        workspace: functions[index].workspace)
    case .expected:
      choice.expected.forward(
        x: x, y: y, rows: pass.rows, units: units, parameters: nil, sharing: .all,
        workspace: expectedWorkspace)
    case .perUnit:
      for index in functions.indices {
        let width = gather(x, rows: pass.rows, of: index, into: columns.x.base)
        if width == 0 { continue }
        functions[index].function.forward(
          x: columns.x.base, y: columns.y.base, rows: pass.rows, units: width, parameters: nil, sharing: .all,
          workspace: functions[index].workspace)
        scatter(columns.y.base, rows: pass.rows, of: index, into: y)
      }
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let dx = dx ?? discarded.base
    switch selection {
    case .candidate(let index):
      functions[index].function.backward(
        x: x, dy: dy, dx: dx, rows: pass.rows, units: units, parameters: nil, dparameters: nil, sharing: .all,
        workspace: functions[index].workspace)
    case .expected:
      choice.expected.backward(
        x: x, dy: dy, dx: dx, rows: pass.rows, units: units, parameters: nil, dparameters: nil, sharing: .all,
        workspace: expectedWorkspace)
    case .perUnit:
      for index in functions.indices {
        let width = gather(x, rows: pass.rows, of: index, into: columns.x.base)
        if width == 0 { continue }
        _ = gather(dy, rows: pass.rows, of: index, into: columns.y.base)
        functions[index].function.backward(
          x: columns.x.base, dy: columns.y.base, dx: columns.dx.base, rows: pass.rows, units: width,
          parameters: nil, dparameters: nil, sharing: .all, workspace: functions[index].workspace)
        scatter(columns.dx.base, rows: pass.rows, of: index, into: dx)
      }
    }
  }

  /// Copies the columns of a candidate's units side by side, and returns how many there are.
  private func gather(
    _ from: UnsafePointer<Float>, rows: Int, of candidate: Int, into to: UnsafeMutablePointer<Float>
  ) -> Int {
    var width = 0
    for unit in 0..<units where unitCandidates[unit] == candidate { width += 1 }
    var column = 0
    for unit in 0..<units where unitCandidates[unit] == candidate {
      for row in 0..<rows { to[row * width + column] = from[row * units + unit] }
      column += 1
    }
    return width
  }

  private func scatter(
    _ from: UnsafePointer<Float>, rows: Int, of candidate: Int, into to: UnsafeMutablePointer<Float>
  ) {
    var width = 0
    for unit in 0..<units where unitCandidates[unit] == candidate { width += 1 }
    var column = 0
    for unit in 0..<units where unitCandidates[unit] == candidate {
      for row in 0..<rows { to[row * units + unit] = from[row * width + column] }
      column += 1
    }
  }
}
