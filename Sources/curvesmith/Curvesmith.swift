// The command line's entry: names the commands and maps failures to the documented exit codes.

import ArgumentParser
import Engine
import Glibc
import Telemetry
import Text

/// `curvesmith`: serve, train, healthcheck, show, keygen, check-config, catalogue,
/// version.
///
/// Exit codes: 0 success, 1 failure, 2 usage or configuration, 3 data directory in use, 130 interrupted.
@main
struct Curvesmith: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curvesmith",
    abstract: "Trains neural networks whose activation functions are part of what is learned.",
    discussion: """
      Example: curvesmith train examples/iris.json --data examples/iris.csv

      Exit codes: 0 success, 1 the job or command failed, 2 usage or configuration, 3 data directory in use, \
      130 interrupted. CURVESMITH_ISA (baseline, avx2, avx512 or neon) chooses the instruction set.
      """,
    version: Version.text,
    subcommands: [
      ServeCommand.self, TrainCommand.self, HealthcheckCommand.self, ShowCommand.self,
      KeygenCommand.self, CheckConfigCommand.self, CatalogueCommand.self, VersionCommand.self,
    ])

  static func main() async {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      try requireCommand(arguments)
      var command = try parseAsRoot(arguments)
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

/// Refuses a command line that names no command, or one that does not exist.
private func requireCommand(_ arguments: [String]) throws(CommandFailure) {
  guard let first = arguments.first else {
    throw CommandFailure(
      message: "a command is missing\n\n\(Curvesmith.helpMessage())", status: CommandFailure.usage)
  }
  let names = Curvesmith.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
  guard !first.hasPrefix("-"), !names.contains(first) else { return }
  let nearest = suggestion(for: first, among: names)
  throw CommandFailure(
    message: "there is no command \(quoted(first))"
      + (nearest.isEmpty ? "; the commands are \(listed(names))" : nearest), status: CommandFailure.usage)
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
