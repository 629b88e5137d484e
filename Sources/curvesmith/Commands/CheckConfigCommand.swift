// `curvesmith check-config`: says what `serve` would run with, and where each setting comes from, without starting anything.

import API
import ArgumentParser
import Telemetry

struct CheckConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Check the settings of `serve` from all sources, and say where each comes from.",
    discussion: """
      Takes the flags of `serve`, and reads the environment and the file as that does. Exits 0 when the service would take \
      the settings, and 2 with every fault, in a file with its line and column, when it would not.

      Example: curvesmith check-config --config /etc/curvesmith.json
      """)

  @OptionGroup var flags: SettingFlags

  @Option(help: ArgumentHelp("A JSON configuration file.", valueName: "file"))
  var config: String?

  func run() throws {
    let environment = environmentVariables()
    let resolved = try ResolvedSettings(
      flags: flags.values, environment: environment, file: config ?? environment["CURVESMITH_CONFIG"])
    for warning in resolved.warnings { writeToStandardError("curvesmith: \(warning)\n") }
    // Read as the start reads it, so that a damaged file is known before.
    if !resolved.settings.insecure { _ = try KeyFile(resolved.settings.keysPath).read() }
    print(SettingsReport(resolved).text, terminator: "")
  }
}
