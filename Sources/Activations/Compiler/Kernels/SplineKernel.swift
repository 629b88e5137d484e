// Splines by the kernel that finds the piece of each element and evaluates its cubic.

internal import CKernels

/// Computes what a spline's expression says; its parameters are the coefficients.
struct SplineKernel: ActivationKernel {
  private let spline: ck_spline

  init(_ spline: Spline) {
    self.spline = ck_spline(
      order: Int32(spline.order.rawValue), knots: Int32(spline.knots), low: Float(spline.low),
      step: Float(spline.step))
  }

  var programs: ActivationPrograms? { nil }
  var recordedCount: Int { 0 }

  func makeWorkspace(maximumSets: Int) -> ActivationWorkspace {
    let size = max(ck_spline_memory(spline, 1), ck_spline_memory(spline, maximumSets))
    return ActivationWorkspace(.spline(SplineMemory(count: size)))
  }

  func forward(_ pass: ForwardPass, _ workspace: ActivationWorkspace) {
    guard let coefficients = pass.parameters else {
      preconditionFailure("a spline's coefficients are missing")
    }
    let (memory, tiling) = (workspace.spline, pass.tiling)
    memory.kernels.pointee.value(
      spline, tiling.splineSharing, tiling.rows, tiling.units, pass.x, pass.y, coefficients, memory.floats)
  }

  func backward(_ pass: BackwardPass, _ workspace: ActivationWorkspace) {
    guard let coefficients = pass.parameters else {
      preconditionFailure("a spline's coefficients are missing")
    }
    let (memory, tiling) = (workspace.spline, pass.tiling)
    memory.kernels.pointee.gradient(
      spline, tiling.splineSharing, tiling.rows, tiling.units, pass.x, pass.dy, pass.dx, coefficients,
      pass.dparameters, memory.floats)
  }
}

/// What a spline's kernel works in.
final class SplineMemory {
  /// The functions of the instruction set that was in use when the memory was made.
  let kernels = ck_kernels_current().pointee.splines
  let floats: UnsafeMutablePointer<Float>

  init(count: Int) {
    floats = .allocate(capacity: max(count, 1))
    floats.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { floats.deallocate() }
}

extension Tiling {
  fileprivate var splineSharing: ck_spline_sharing {
    ck_spline_sharing(sets: setCount, per_row: sharing == .row ? 1 : 0, per_unit: sharing == .unit ? 1 : 0)
  }
}
