// The settings of `curvesmith serve`: every name, its range and its default, in one table.

package import Configuration
import HTTP
import JSON
import SystemPackage
package import Telemetry
import Text

/// What `serve` runs with. The names in a configuration file are those read here; the flag `--data-dir` and the
/// environment variable `CURVESMITH_DATA_DIR` follow from the name `data_dir`.
package struct ServeSettings: Sendable, Equatable {
  package var host: String
  package var port: Int
  package var dataDirectory: String
  package var workers: Int
  package var queueCapacity: Int
  package var maximumConnections: Int
  package var allowedHosts: [String]
  package var insecure: Bool
  package var graceSeconds: Double
  package var logLevel: Logger.Level
  package var logFormat: LogFormat

  /// The names that a configuration file may hold.
  package static let names: Set<String> = [
    "host", "port", "data_dir", "workers", "queue_capacity", "max_connections", "allowed_hosts", "insecure",
    "grace_seconds", "log_level", "log_format",
  ]

  private init(reading reader: inout SettingsReader) {
    host = reader.string("host", default: "127.0.0.1")
    port = reader.integer("port", in: 0...65535, default: 8080)
    dataDirectory = reader.string("data_dir", default: "./curvesmith-data")
    workers = reader.integer("workers", in: 1...1024, default: CPUAllowance.processors())
    queueCapacity = reader.integer("queue_capacity", in: 1...1_000_000, default: 1000)
    maximumConnections = reader.integer("max_connections", in: 1...100_000, default: 1024)
    allowedHosts = reader.strings("allowed_hosts")
    insecure = reader.flag("insecure")
    graceSeconds = reader.seconds("grace_seconds", in: 0...3600, default: 8)
    logLevel = reader.choice("log_level", default: .info)
    logFormat = reader.choice("log_format", default: .text)
  }

  /// The effective settings, and where each came from.
  ///
  /// - Parameters:
  ///   - flags: what the command line gave, by setting name.
  ///   - environment: the process's environment; only `CURVESMITH_…` is read.
  ///   - file: the path of a JSON configuration file, if one was named.
  /// - Throws: `CommandFailure` with status 2, naming every fault at once.
  package static func resolve(
    flags: [String: ConfigContent], environment: [String: String], file: String?
  ) async throws -> (settings: ServeSettings, origins: [SettingsReader.Origin]) {
    let flagValues = flags.map { (AbsoluteConfigKey([$0.key]), ConfigValue($0.value, isSecret: false)) }
    var providers: [(source: String, provider: any ConfigProvider)] = [
      ("flag", InMemoryProvider(name: "flag", values: Dictionary(uniqueKeysWithValues: flagValues))),
      (
        "environment",
        EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "curvesmith")
      ),
    ]
    var faults: [String] = []
    if let file {
      faults += try unknownNames(inFile: file)
      do {
        providers.append(("file", try await FileProvider<JSONSnapshot>(filePath: FilePath(file))))
      } catch {
        throw CommandFailure(
          message: "cannot read the configuration file \(file): \(error)", status: CommandFailure.usage)
      }
    }
    var reader = SettingsReader(providers: providers)
    let settings = ServeSettings(reading: &reader)
    faults += reader.faults
    if !settings.insecure, !isLoopback(settings.host) {
      faults.append(
        "host: \(settings.host) is reachable from other machines, and the service has no authentication yet; "
          + "bind 127.0.0.1, or accept this with --insecure")
    }
    guard faults.isEmpty else {
      throw CommandFailure(
        message: "configuration: " + faults.joined(separator: "\n            configuration: "),
        status: CommandFailure.usage)
    }
    return (settings, reader.origins)
  }

  /// Whether only this machine can reach a listener on this host.
  static func isLoopback(_ host: String) -> Bool {
    Authority(host: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host).isLoopback
  }

  private static func unknownNames(inFile path: String) throws -> [String] {
    let bytes = try readFile(path, purpose: "the configuration file")
    do {
      guard case .object(let object) = try JSONParser.parse(bytes) else {
        return ["\(path): expected a JSON object of settings"]
      }
      return object.keys.filter { !names.contains($0) }.map { name in
        "\(path): unknown setting `\(name)`\(suggestion(for: name, among: names.sorted()))"
      }
    } catch {
      return ["\(path): \(error)"]
    }
  }
}
