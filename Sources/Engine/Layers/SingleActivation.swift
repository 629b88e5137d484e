// An activation layer of one compiled function, whose parameters the optimiser moves.

import Activations

/// y = f(x; raw parameters) with one set for all elements or one for each unit.
final class SingleActivation: Layer {
  private let function: CompiledActivation
  private let units: Int
  private let offset: Int
  private let sharing: CompiledActivation.Sharing
  private let workspace: ActivationWorkspace
  private let discarded: FloatBuffer

  /// - Parameter offset: where the raw values start in the flat vectors, laid out [parameter][set].
  init(_ function: CompiledActivation, units: Int, offset: Int, perUnit: Bool, maximumRows: Int) {
    self.function = function
    self.units = units
    self.offset = offset
    sharing = perUnit ? .unit : .all
    workspace = function.makeWorkspace(maximumRows: maximumRows, units: units)
    discarded = FloatBuffer(count: maximumRows * units)
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    function.forward(
      x: x, y: y, rows: pass.rows, units: units, parameters: pass.parameters + offset, sharing: sharing,
      workspace: workspace)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    function.backward(
      x: x, dy: dy, dx: dx ?? discarded.base, rows: pass.rows, units: units,
      parameters: pass.parameters + offset, dparameters: pass.gradients + offset, sharing: sharing,
      workspace: workspace)
  }
}
