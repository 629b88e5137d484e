// `curvesmith version`: the build's identity and the instruction set that its kernels use.

import ArgumentParser

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version and the instruction set in use.")

  func run() {
    print("curvesmith \(Version.text) (\(Version.instructionSet))")
  }
}
