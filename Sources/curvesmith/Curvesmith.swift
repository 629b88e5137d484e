// The command line's entry: names the commands and maps failures to the documented exit codes.

import ArgumentParser
import Engine
import Glibc
import Telemetry

/// `curvesmith`: serve, train, healthcheck, show, version.
///
/// Exit codes: 0 success, 1 failure, 2 usage or configuration, 3 data directory in use.
@main
struct Curvesmith: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curvesmith",
    abstract: "Trains neural networks whose activation functions are part of what is learned.",
    discussion: "CURVESMITH_ISA (baseline, avx2, avx512 or neon) chooses the instruction set.",
    version: Version.text,
    subcommands: [
      ServeCommand.self, TrainCommand.self, HealthcheckCommand.self, ShowCommand.self,
      CatalogueCommand.self, VersionCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      try selectInstructionSet(environmentVariables()["CURVESMITH_ISA"])
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      writeToStandardError("curvesmith: \(failure.message)\n")
      Glibc.exit(failure.status)
    } catch {
      // ArgumentParser reports usage errors as 64 (sysexits.h); the documented code is 2.
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code.isSuccess { print(text) } else { writeToStandardError(text + "\n") }
      Glibc.exit(code == .validationFailure ? CommandFailure.usage : code.rawValue)
    }
  }
}

/// A command that ended without success: what to tell the user, and the process's exit status.
package struct CommandFailure: Error, Equatable {
  static let failure: Int32 = 1
  static let usage: Int32 = 2
  static let directoryInUse: Int32 = 3

  package var message: String
  package var status: Int32 = CommandFailure.failure
}

/// Restricts the kernels to an instruction set, for results that are comparable between processors; nil or nothing
/// leaves the choice to them.
private func selectInstructionSet(_ name: String?) throws(CommandFailure) {
  guard let name, !name.isEmpty, !InstructionSet.select(name) else { return }
  let names = InstructionSet.available.joined(separator: ", ")
  throw CommandFailure(
    message: "CURVESMITH_ISA: `\(name)` is not an instruction set of this processor, which has \(names); "
      + "`baseline` is the last of them",
    status: CommandFailure.usage)
}
