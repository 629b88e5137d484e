// Which instruction set the kernels use on this processor.

import CKernels

/// The name of the kernels' instruction set. Results are bit-equal only within one.
public var instructionSet: String { String(cString: ck_instruction_set()) }
