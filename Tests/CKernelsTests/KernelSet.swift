// The instruction sets of this processor, which the kernels' tests run with.

import CKernels
import Testing

/// The tables of one instruction set that this processor has.
struct KernelSet: Sendable, CustomTestStringConvertible {
  let name: String
  private let index: Int

  var tables: ck_kernels {
    guard let kernels = ck_kernels_at(index) else { preconditionFailure("a set does not go away") }
    return kernels.pointee
  }

  var testDescription: String { name }

  static let all: [KernelSet] = {
    var sets: [KernelSet] = []
    while let kernels = ck_kernels_at(sets.count) {
      sets.append(KernelSet(name: String(cString: kernels.pointee.name), index: sets.count))
    }
    return sets
  }()
}
