// Which instruction set the kernels use on this processor.

import CKernels

/// An instruction set that the kernels exist for. Results are bit-equal only within one.
public enum InstructionSet {
  /// The name of the one in use: the best that this processor has, unless ``select(_:)`` said otherwise.
  public static var current: String { String(cString: ck_instruction_set()) }

  /// The names of those that this processor has, best first.
  public static var available: [String] {
    var names: [String] = []
    while let kernels = ck_kernels_at(names.count) { names.append(String(cString: kernels.pointee.name)) }
    return names
  }

  /// Makes models that are planned from now on use one of ``available``, or the last of them as `baseline`.
  ///
  /// - Returns: false, and nothing changed, if this processor has none of that name.
  public static func select(_ name: String) -> Bool { ck_select_instruction_set(name) }
}
