// The settings of `curvesmith serve`: the table of them, and how they are resolved.

import HTTP
import JSON
package import TLS
package import Telemetry
import Text

/// What `serve` runs with. A property and a row of `table` make a setting.
package struct ServeSettings: Sendable, Equatable {
  /// The address or name to listen on.
  package var host = "127.0.0.1"
  /// The port to listen on; 0 takes a free one.
  package var port = 8080
  /// The directory that holds every job.
  package var dataDirectory = "./curvesmith-data"
  /// Jobs that train at a time.
  package var workers = CPUAllowance.processors()
  /// Jobs that may wait.
  package var queueCapacity = 1000
  /// Connections that may be open.
  package var maximumConnections = 1024
  /// Threads that serve connections.
  package var loops = 1
  /// Bytes of a form with data.
  package var maximumUploadBytes = 64 << 20
  /// Bytes of content for each byte of a request in gzip.
  package var maximumGzipRatio = 200
  /// Hosts to answer for beside loopback.
  package var allowedHosts: [String] = []
  /// Origins whose pages may call beside the service's own.
  package var allowedOrigins: [String] = []
  /// Whether everybody who can reach the service may do everything.
  package var insecure = false
  /// Where the keys are kept; empty: in the data directory.
  package var keysFile = ""
  /// Files with certificates, each with its chain; without any the service is in clear.
  package var tlsCertificates: [String] = []
  /// Files with their private keys, in the same order.
  package var tlsKeys: [String] = []
  /// Which versions and suites are spoken.
  package var tlsProfile = TLSProfile.intermediate
  /// The port of a listener in clear for this machine, beside the one with TLS.
  package var plainPort: Int?
  /// Whether browsers are told to come by HTTPS alone from now on.
  package var hsts = false
  /// Whether a key reaches only what it has made.
  package var ownOnly = false
  /// Seconds that requests and jobs may take to finish at the end.
  package var graceSeconds = 8.0
  /// The shortest time between two states that a running job leaves on disk; 0: it leaves none.
  package var checkpointSeconds = 10.0
  /// The least level that is logged.
  package var logLevel = Logger.Level.info
  /// How a line of the log is written.
  package var logFormat = LogFormat.text
  /// The file of the audit log; empty: the log.
  package var auditLog = ""
  /// Whether other processes may look into this one.
  package var debuggable = false

  /// Every default.
  package init() {}

  /// Where the keys are kept.
  package var keysPath: String { keysFile.isEmpty ? "\(dataDirectory)/api-keys.json" : keysFile }

  /// Whether only this machine can reach a listener on the host.
  package var isLoopback: Bool {
    Authority(host: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host).isLoopback
  }

  /// The pairs of certificates and keys; nil where the service is in clear.
  var certificateFiles: CertificateFiles? {
    let pairs = zip(tlsCertificates, tlsKeys).map { CertificateFiles.Pair(certificate: $0, key: $1) }
    return pairs.isEmpty ? nil : CertificateFiles(pairs, profile: tlsProfile)
  }

  /// Every setting. Flags, variables, members of the file, checks and help follow from it.
  package static let table: [Setting] = [
    Setting("host", \.host, .text("address"), "The address or name to listen on."),
    Setting("port", \.port, .integer(0...65535), "The port to listen on; 0 takes a free one."),
    Setting("data_dir", \.dataDirectory, .text("directory"), "The directory that holds every job."),
    Setting(
      "workers", \.workers, .integer(1...1024), "How many jobs train at a time.",
      default: "the processors that this process may use"),
    Setting("queue_capacity", \.queueCapacity, .integer(1...1_000_000), "How many jobs may wait."),
    Setting(
      "max_connections", \.maximumConnections, .integer(1...100_000), "How many connections may be open."),
    Setting(
      "loops", \.loops, .integer(1...64),
      "How many threads serve connections. One is enough for tens of thousands of small requests a second."),
    Setting(
      "max_upload_bytes", \.maximumUploadBytes, .integer(1024...2_000_000_000),
      "How many bytes a form with data (multipart/form-data) may have. Reading one takes several times its size of memory."
    ),
    Setting(
      "max_gzip_ratio", \.maximumGzipRatio, .integer(1...1032),
      "How many bytes of content a byte of a request in gzip may become, beyond the first MiB; 1032 lets all pass."
    ),
    Setting(
      "allowed_hosts", \.allowedHosts, .texts("host"), "A further host name to answer for; may be repeated.",
      flag: "allowed-host"),
    Setting(
      "allowed_origins", \.allowedOrigins, .origins,
      "The origin of a further site whose pages may call; may be repeated.", flag: "allowed-origin"),
    Setting(
      "insecure", \.insecure, .toggle,
      "Ask nobody for a key, not even where other machines can reach the service."),
    Setting(
      "api_keys_file", \.keysFile, .text("file"), "The file of API keys, which `curvesmith keygen` makes.",
      default: "api-keys.json in the data directory"),
    Setting(
      "own_only", \.ownOnly, .toggle,
      "Let a key reach only the jobs that it has made, unless it has the scope `admin`."),
    Setting(
      "tls_certificates", \.tlsCertificates, .texts("file"),
      "A certificate with its chain in PEM; --port then speaks HTTPS. May be repeated, for several names.",
      flag: "tls-certificate"),
    Setting(
      "tls_keys", \.tlsKeys, .texts("file"),
      "The private key of the certificate at the same place, in PEM; may be repeated.", flag: "tls-key"),
    Setting(
      "tls_profile", \.tlsProfile, .choice(of: TLSProfile.self),
      "Mozilla's profile: intermediate is TLS 1.2 and 1.3, modern TLS 1.3 alone."),
    Setting(
      "plain_port", \.plainPort, .optionalInteger(0...65535),
      "A port of 127.0.0.1 that speaks HTTP in clear beside --port with HTTPS; 0 takes a free one."),
    Setting(
      "hsts", \.hsts, .toggle, "Tell browsers to use HTTPS alone for two years (Strict-Transport-Security)."),
    Setting(
      "grace_seconds", \.graceSeconds, .seconds(0...3600),
      "Seconds that requests, and jobs on their way back to the queue, may take after SIGTERM."),
    Setting(
      "checkpoint_seconds", \.checkpointSeconds, .seconds(0...86400),
      "Seconds between the states that a running job leaves on disk, to go on from after a crash; 0: none."),
    Setting(
      "log_level", \.logLevel, .choice(of: Logger.Level.self),
      "The least level of what is logged."),
    Setting("log_format", \.logFormat, .choice(of: LogFormat.self), "How a line of the log is written."),
    Setting(
      "audit_log", \.auditLog, .text("file"),
      "A file that gets a line of JSON for every change and every refused key; SIGHUP opens it anew.",
      default: "the log"),
    Setting(
      "debuggable", \.debuggable, .toggle,
      "Allow core dumps, debuggers and profilers also where keys are in memory."),
  ]
}

/// The settings in force, with where each came from and what was looked past.
package struct ResolvedSettings: Sendable {
  /// Where the value of one setting came from.
  package struct Origin: Sendable, Equatable {
    /// The name in the table.
    package var name: String
    /// The value in force, as text.
    package var value: String
    /// `flag`, `environment`, `file` or `default`.
    package var source: String
    /// Where it was given: the flag, the variable, or the file with line and column; empty for a default.
    package var place: String
  }

  /// The values in force.
  package var settings: ServeSettings
  /// One for each row of the table, in its order.
  package var origins: [Origin]
  /// Sentences about variables that no setting has.
  package var warnings: [String]

  /// Resolves every setting by one precedence: flag, environment, file, default.
  ///
  /// A value that is not what its setting expects is a fault, never replaced by the default.
  /// - Parameters:
  ///   - flags: the values that the command line gave, by setting name.
  ///   - environment: the process's environment; only `CURVESMITH_…` is read.
  ///   - file: the path of a JSON configuration file, if one was named.
  /// - Throws: `CommandFailure` with status 2, naming every fault at once.
  package init(
    flags: [String: [String]], environment: [String: String], file: String?
  ) throws(CommandFailure) {
    let file = try file.map { path throws(CommandFailure) in try ConfigurationFile(path) }
    var faults = file?.unknownNames(in: ServeSettings.table.map(\.name)) ?? []
    var settings = ServeSettings()
    var origins: [Origin] = []
    for setting in ServeSettings.table {
      let given: (value: Setting.Given, source: String, place: String)? =
        if let texts = flags[setting.name] {
          (.texts(texts), "flag", "--\(setting.flag)")
        } else if let text = environment[setting.variable] {
          (.texts([text]), "environment", setting.variable)
        } else if let member = file?.member(setting.name) {
          (.json(member.value), "file", member.place)
        } else {
          nil
        }
      if let given, !setting.assign(given.value, &settings) {
        let nearest = suggestion(for: given.value.shown, among: setting.choices)
        let member = given.source == "file" ? "\(setting.name): " : ""
        faults.append(
          "\(given.place): \(member)\(quoted(given.value.shown)) is not \(setting.expectation)\(nearest)")
      }
      origins.append(
        Origin(
          name: setting.name, value: setting.text(settings), source: given?.source ?? "default",
          place: given?.place ?? ""))
    }
    faults += Self.faultsOfTLS(settings)
    guard faults.isEmpty else {
      throw CommandFailure(
        message: faults.joined(separator: "\ncurvesmith: "), status: CommandFailure.usage)
    }
    self.settings = settings
    self.origins = origins
    warnings = Self.unknownVariables(environment)
  }

  /// What does not fit together.
  private static func faultsOfTLS(_ settings: ServeSettings) -> [String] {
    let (certificates, keys) = (settings.tlsCertificates.count, settings.tlsKeys.count)
    if certificates != keys {
      return [
        "--tls-certificate, --tls-key: certificates and keys come in pairs, in the same order; there are "
          + "\(certificates) and \(keys)"
      ]
    }
    guard certificates == 0 else { return [] }
    let needs = [("--plain-port", settings.plainPort != nil), ("--hsts", settings.hsts)]
    return needs.filter(\.1).map {
      "\($0.0): needs --tls-certificate and --tls-key; without them all is in clear"
    }
  }

  /// A variable may be meant for another version, or for what runs beside the service: it is no fault.
  private static func unknownVariables(_ environment: [String: String]) -> [String] {
    let known = ServeSettings.table.map(\.variable) + ["CURVESMITH_CONFIG", "CURVESMITH_ISA"]
    return environment.keys.filter { $0.hasPrefix("CURVESMITH_") && !known.contains($0) }.sorted().map {
      "the environment variable \($0) is no setting\(suggestion(for: $0, among: known))"
    }
  }
}
