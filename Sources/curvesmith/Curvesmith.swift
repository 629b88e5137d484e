// The command line's entry: names the commands and maps failures to the documented exit codes.

import ArgumentParser
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
    version: Version.text,
    subcommands: [
      ServeCommand.self, TrainCommand.self, HealthcheckCommand.self, ShowCommand.self, VersionCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
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
