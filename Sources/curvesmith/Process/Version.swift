// The build's identity: the version and the instruction set of its kernels.

import Engine

/// What `curvesmith version` and `GET /v1/version` tell.
package enum Version {
  /// Semantic version, as CHANGELOG.md lists it.
  package static let text = "0.1.0"

  /// The instruction set that the kernels use.
  package static var instructionSet: String { InstructionSet.current }
}
