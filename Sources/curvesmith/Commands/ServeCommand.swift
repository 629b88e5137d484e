// `curvesmith serve`: runs the service until SIGTERM or SIGINT.

import ArgumentParser
import Configuration
import Glibc
import Net
import ServiceLifecycle
import Telemetry
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the HTTP API until SIGTERM.",
    discussion: """
      Every option can also be given in the environment (CURVESMITH_PORT, CURVESMITH_DATA_DIR, …) or in a JSON
      configuration file ({"port": 8080, "data_dir": "/var/lib/curvesmith"}). A flag wins over the environment,
      which wins over the file.
      """)

  @Option(help: "The address or name to listen on. (default: 127.0.0.1)")
  var host: String?

  @Option(help: "The port to listen on; 0 takes a free one. (default: 8080)")
  var port: Int?

  @Option(help: "The directory that holds every job. (default: ./curvesmith-data)")
  var dataDir: String?

  @Option(help: "How many jobs train at a time. (default: the processors that this process may use)")
  var workers: Int?

  @Option(help: "How many jobs may wait. (default: 1000)")
  var queueCapacity: Int?

  @Option(help: "How many connections may be open. (default: 1024)")
  var maxConnections: Int?

  @Option(name: .customLong("allowed-host"), help: "A further host name to answer for; may be repeated.")
  var allowedHosts: [String] = []

  @Flag(help: "Listen where other machines can reach the service, though it has no authentication.")
  var insecure = false

  @Option(help: "Seconds that requests may take to finish after SIGTERM. (default: 8)")
  var graceSeconds: Double?

  @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
  var logLevel: String?

  @Option(help: "text or json. (default: text)")
  var logFormat: String?

  @Option(help: "A JSON configuration file.")
  var config: String?

  func run() async throws {
    let environment = environmentVariables()
    let (settings, origins) = try await ServeSettings.resolve(
      flags: flags, environment: environment, file: config ?? environment["CURVESMITH_CONFIG"])
    bootstrapLogging(level: settings.logLevel, format: settings.logFormat)
    let log = Logger(label: "curvesmith")
    log.info(
      "configuration",
      metadata: Dictionary(
        uniqueKeysWithValues: origins.map { ($0.name, "\($0.value) (\($0.source))" as Logger.MetadataValue) })
    )

    raiseDescriptorLimit()
    let service = try await CurvesmithService(settings, log: log)
    print("curvesmith is listening on http://\(service.address)")
    fflush(nil)
    try await ServiceGroup(
      services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: log
    ).run()
  }

  /// What the command line gave, by setting name.
  private var flags: [String: ConfigContent] {
    var flags: [String: ConfigContent] = [:]
    flags["host"] = host.map(ConfigContent.string)
    flags["port"] = port.map(ConfigContent.int)
    flags["data_dir"] = dataDir.map(ConfigContent.string)
    flags["workers"] = workers.map(ConfigContent.int)
    flags["queue_capacity"] = queueCapacity.map(ConfigContent.int)
    flags["max_connections"] = maxConnections.map(ConfigContent.int)
    flags["allowed_hosts"] = allowedHosts.isEmpty ? nil : .stringArray(allowedHosts)
    flags["insecure"] = insecure ? .bool(true) : nil
    flags["grace_seconds"] = graceSeconds.map(ConfigContent.double)
    flags["log_level"] = logLevel.map(ConfigContent.string)
    flags["log_format"] = logFormat.map(ConfigContent.string)
    return flags
  }
}

/// The process's environment.
func environmentVariables() -> [String: String] {
  var variables: [String: String] = [:]
  var entry = environ
  while let text = entry.pointee {
    let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    entry += 1
  }
  return variables
}
