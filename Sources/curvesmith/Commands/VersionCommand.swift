// `curvesmith version`: the build's identity, the instruction set that its kernels use, and the TLS library.

import ArgumentParser
import TLS

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version, the instruction set in use and the TLS library.")

  func run() {
    print("curvesmith \(Version.text) (\(Version.instructionSet))")
    print("\(TLSLibrary.version), key exchange over \(TLSLibrary.groups)")
  }
}
