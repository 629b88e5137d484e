// `curvesmith serve`: runs the service until SIGTERM or SIGINT.

import ArgumentParser
import Digest
import Glibc
import Net
import Telemetry

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the HTTP API until SIGTERM or Ctrl-C.",
    discussion: """
      Every setting can also be given in the environment (CURVESMITH_PORT, CURVESMITH_DATA_DIR, …) or in a JSON \
      configuration file ({"port": 8080, "data_dir": "/var/lib/curvesmith"}). A flag wins over the environment, \
      which wins over the file.

      Example: curvesmith serve --port 8081 --data-dir /var/lib/curvesmith
      """)

  @OptionGroup var flags: SettingFlags

  @Option(help: ArgumentHelp("A JSON configuration file.", valueName: "file"))
  var config: String?

  func run() async throws {
    // Before anything that takes time: a signal that comes early ends the service as one that comes late does.
    let signals = try StopSignals()
    let environment = environmentVariables()
    let resolved = try ResolvedSettings(
      flags: flags.values, environment: environment, file: config ?? environment["CURVESMITH_CONFIG"])
    let settings = resolved.settings
    bootstrapLogging(level: settings.logLevel, format: settings.logFormat)
    let log = Logger(label: "curvesmith")
    Self.record(resolved, in: log)

    limitHeaps(to: CPUAllowance.processors())
    raiseDescriptorLimit()
    let service = try await CurvesmithService(
      settings, log: log, auditLog: Logger(label: "audit"),
      holdsSecrets: { Self.keepPrivate(settings, log: log) })
    if let key = service.firstKey {
      print("curvesmith made an API key, shown only now: \(key.exposed)")
    }
    print("curvesmith is listening on \(service.url)")
    if let plain = service.plainAddress { print("curvesmith is listening in clear on http://\(plain)") }
    fflush(nil)
    if Terminal.standardError.isTerminal {
      let greeting = ServeGreeting(
        url: service.plainAddress.map { "http://\($0)" } ?? service.url, settings: settings,
        needsKey: service.needsKey)
      writeToStandardError(greeting.text)
    }
    try await signals.first { service.reload() }
    await service.stop()
  }

  /// Sees to it that keys in memory stay there; again and again, which is harmless.
  private static func keepPrivate(_ settings: ServeSettings, log: Logger) {
    guard !settings.debuggable, !ProcessPrivacy.isPrivate else { return }
    if ProcessPrivacy.set(true) {
      log.info("keys are in memory: no core dumps and no debuggers (--debuggable allows them)")
    } else {
      log.warning("core dumps cannot be turned off, and would hold keys")
    }
  }

  /// What was given at `info`, in one line; every setting at `debug`, each in its own.
  private static func record(_ resolved: ResolvedSettings, in log: Logger) {
    for warning in resolved.warnings { log.warning("\(warning)") }
    let given = resolved.origins.filter { $0.source != "default" }
    if !given.isEmpty {
      log.info(
        "configuration",
        metadata: Dictionary(
          uniqueKeysWithValues: given.map { ($0.name, "\($0.value) (\($0.source))" as Logger.MetadataValue) })
      )
    }
    for origin in resolved.origins {
      log.debug("setting", metadata: ["\(origin.name)": "\(origin.value) (\(origin.source))"])
    }
  }
}
