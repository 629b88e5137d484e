// Settings: one precedence, every fault at once, and nothing silently replaced by a default.

import Foundation
import Testing
import curvesmith

@Suite struct SettingsTests {
  private static func resolve(
    _ flags: [String: [String]] = [:], _ environment: [String: String] = [:], file: String? = nil
  ) throws -> ResolvedSettings {
    try ResolvedSettings(flags: flags, environment: environment, file: file)
  }

  /// The lines of the failure that these settings are.
  private static func faults(
    _ flags: [String: [String]] = [:], _ environment: [String: String] = [:], file: String? = nil
  ) throws -> [String] {
    let failure = #expect(throws: CommandFailure.self) {
      try ResolvedSettings(flags: flags, environment: environment, file: file)
    }
    #expect(failure?.status == 2)
    let lines = failure?.message.split(separator: "\n") ?? []
    return lines.map { String($0).replacing("curvesmith: ", with: "") }
  }

  @Test func `without anything given, the defaults hold and say so`() throws {
    let resolved = try Self.resolve()
    #expect(resolved.settings == ServeSettings())
    #expect(resolved.settings.host == "127.0.0.1" && resolved.settings.port == 8080)
    #expect(resolved.settings.dataDirectory == "./curvesmith-data")
    #expect(resolved.settings.workers == CPUAllowance.processors())
    #expect(resolved.origins.map(\.name) == ServeSettings.table.map(\.name))
    #expect(resolved.origins.allSatisfy { $0.source == "default" })
    #expect(resolved.warnings.isEmpty)
  }

  @Test func `every property of the settings has a row, and every row a name of its own`() {
    #expect(Mirror(reflecting: ServeSettings()).children.count == ServeSettings.table.count)
    #expect(Set(ServeSettings.table.map(\.name)).count == ServeSettings.table.count)
    #expect(Set(ServeSettings.table.map(\.flag)).count == ServeSettings.table.count)
  }

  @Test func `a flag wins over the environment, which wins over the file, which wins over the default`()
    throws
  {
    let file = try TemporaryFile(#"{"port": 1001, "workers": 3, "queue_capacity": 7}"#)
    let resolved = try Self.resolve(
      ["port": ["1003"]], ["CURVESMITH_PORT": "1002", "CURVESMITH_WORKERS": "4"], file: file.path)
    #expect(resolved.settings.port == 1003)
    #expect(resolved.settings.workers == 4)
    #expect(resolved.settings.queueCapacity == 7)
    let sources = Dictionary(uniqueKeysWithValues: resolved.origins.map { ($0.name, $0.source) })
    #expect(sources["port"] == "flag")
    #expect(sources["workers"] == "environment")
    #expect(sources["queue_capacity"] == "file")
    #expect(sources["host"] == "default")
  }

  /// A value of each setting other than its default, as a text and as a file has it.
  private static let others: [String: (text: String, json: String)] = [
    "host": ("localhost", #""localhost""#), "port": ("0", "0"), "data_dir": ("/x", #""/x""#),
    "workers": ("1000", "1000"), "queue_capacity": ("1", "1"), "max_connections": ("2", "2"),
    "loops": ("3", "3"),
    "max_gzip_ratio": ("1032", "1032"), "max_upload_bytes": ("4096", "4096"),
    "allowed_hosts": ("a.example,b.example", #"["a.example", "b.example"]"#), "insecure": ("true", "true"),
    "allowed_origins": ("https://a.example,http://b:1", #"["https://a.example", "http://b:1"]"#),
    "api_keys_file": ("/keys", #""/keys""#), "own_only": ("true", "true"),
    "tls_certificates": ("a.pem,b.pem", #"["a.pem", "b.pem"]"#), "tls_keys": ("a.key", #"["a.key"]"#),
    "plain_port": ("8081", "8081"), "hsts": ("true", "true"), "tls_profile": ("modern", #""modern""#),
    "grace_seconds": ("0.5", "0.5"), "checkpoint_seconds": ("2.5", "2.5"),
    "log_level": ("error", #""error""#), "log_format": ("json", #""json""#),
    "audit_log": ("/audit", #""/audit""#), "debuggable": ("true", "true"),
  ]

  /// Settings without which others are faults, as flags.
  private static let company: [String: [String: [String]]] = [
    "tls_certificates": ["tls_keys": ["a.key", "b.key"]], "tls_keys": ["tls_certificates": ["a.pem"]],
    "plain_port": ["tls_certificates": ["a.pem"], "tls_keys": ["a.key"]],
    "hsts": ["tls_certificates": ["a.pem"], "tls_keys": ["a.key"]],
  ]

  @Test(arguments: ServeSettings.table.map(\.name))
  func `a setting is the same by flag, variable and file`(_ name: String) throws {
    let other = try #require(Self.others[name])
    let setting = try #require(ServeSettings.table.first { $0.name == name })
    let file = try TemporaryFile("{\"\(name)\": \(other.json)}")
    let company = Self.company[name] ?? [:]
    let byFlag = try Self.resolve(company.merging([name: [other.text]]) { $1 })
    #expect(byFlag.origins.first { $0.name == name }?.value == setting.text(byFlag.settings))
    #expect(setting.text(byFlag.settings) != setting.text(ServeSettings()))
    #expect(try Self.resolve(company, [setting.variable: other.text]).settings == byFlag.settings)
    #expect(try Self.resolve(company, file: file.path).settings == byFlag.settings)
  }

  @Test func `the page of settings is the table`() throws {
    let rows = ServeSettings.table.map { setting in
      "| `--\(setting.flag)` | `\(setting.variable)` | `\(setting.name)` | \(setting.expectation) | \(setting.fallback) | \(setting.summary) |\n"
    }
    let wanted = """
      # Settings of `curvesmith serve`

      A flag wins over the environment, which wins over the JSON file that `--config` (or `CURVESMITH_CONFIG`) names,
      which wins over the default. A value that a setting may not have ends the start with status 2, and so does a
      member of the file that is no setting. This page is written from the table in
      `Sources/curvesmith/Settings/ServeSettings.swift` by the tests, with `CURVESMITH_RECORD=1`.

      | flag | variable | in the file | value | default | meaning |
      |---|---|---|---|---|---|

      """ + rows.joined()
    if ProcessInfo.processInfo.environment["CURVESMITH_RECORD"] == "1" {
      try Data(wanted.utf8).write(to: Repository.url("docs/settings.md"))
    }
    let written = String(decoding: try Repository.bytes("docs/settings.md"), as: UTF8.self)
    // The default number of workers is said in words: the page is the same on every machine.
    #expect(written == wanted, "run the tests with CURVESMITH_RECORD=1 to write docs/settings.md anew")
  }

  @Test func `every fault is reported at once, each where it was given`() throws {
    let file = try TemporaryFile("{\n  \"prot\": 80,\n  \"max_connections\": \"many\"\n}\n")
    let faults = try Self.faults(
      ["workers": ["0"]], ["CURVESMITH_PORT": "80a", "CURVESMITH_LOG_LEVEL": "loud"], file: file.path)
    #expect(
      faults == [
        "\(file.path):2:3: unknown setting `prot`; did you mean `port`?",
        "CURVESMITH_PORT: `80a` is not a whole number from 0 to 65535",
        "--workers: `0` is not a whole number from 1 to 1024",
        "\(file.path):3:3: max_connections: `\"many\"` is not a whole number from 1 to 100000",
        "CURVESMITH_LOG_LEVEL: `loud` is not one of `trace`, `debug`, `info`, `notice`, `warning`, `error` and `critical`",
      ])
  }

  @Test(arguments: [
    ("{\"port\": 80,\n \"host\" \"::1\"}", ":2:9: expected ':', got '\"'"),
    ("{\"port\": 1, \"port\": 2}", ":1:13: the member `port` appears twice"),
    ("", ":1:1: expected a value, but the document ends"),
    ("[8080]", ": expected a JSON object of settings, got an array"),
  ]) func `a file that cannot be read says where`(_ text: String, _ fault: String) throws {
    let file = try TemporaryFile(text)
    #expect(try Self.faults(file: file.path) == [file.path + fault])
  }

  @Test(arguments: ["0x10", "1e99", "nan", "", "8 0", "8080.5"])
  func `a number that is none is refused`(_ text: String) throws {
    #expect(try Self.faults(["port": [text]]) == ["--port: `\(text)` is not a whole number from 0 to 65535"])
  }

  @Test func `a variable that no setting has is a warning`() throws {
    let resolved = try Self.resolve([:], ["CURVESMITH_PROT": "1", "CURVESMITH_ISA": "avx2", "PORT": "3"])
    #expect(resolved.settings == ServeSettings())
    #expect(
      resolved.warnings == [
        "the environment variable CURVESMITH_PROT is no setting; did you mean `CURVESMITH_PORT`?"
      ])
  }

  @Test(arguments: ["0.0.0.0", "::", "192.0.2.1"])
  func `a host that others can reach is not loopback`(_ host: String) throws {
    #expect(try !Self.resolve(["host": [host]]).settings.isLoopback)
    for loopback in ["127.0.0.1", "::1", "localhost"] {
      #expect(try Self.resolve(["host": [loopback]]).settings.isLoopback)
    }
  }

  @Test(arguments: ["*", "null", "https://a.example/", "a.example", "https://a.example,*"])
  func `an allowed origin is exactly one`(_ text: String) throws {
    #expect(
      try Self.faults(["allowed_origins": [text]])
        == ["--allowed-origin: `\(text)` is not a list of origins such as https://tools.example.org"])
  }

  @Test func `keys are kept in the data directory, or where they are said to be`() throws {
    #expect(try Self.resolve(["data_dir": ["/d"]]).settings.keysPath == "/d/api-keys.json")
    #expect(try Self.resolve(["data_dir": ["/d"], "api_keys_file": ["/k"]]).settings.keysPath == "/k")
  }

  @Test(
    arguments: [
      ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000\n", 2), ("50000 100000\n", 1), ("", nil),
      ("1e300 1", nil), ("inf 1", nil), ("x y", nil),
    ] as [(String, Int?)])
  func `a cgroup's quota is rounded up to whole processors`(_ text: String, _ expected: Int?) {
    #expect(CPUAllowance.quota(cgroup: text) == expected)
  }
}

@Suite struct ServiceURLTests {
  @Test(
    arguments: [
      ("http://127.0.0.1:8080/readyz", "127.0.0.1", 8080, "/readyz", "127.0.0.1:8080"),
      ("http://localhost", "localhost", 80, "/", "localhost:80"),
      ("http://[::1]:9/livez?x=1", "::1", 9, "/livez?x=1", "[::1]:9"),
      ("https://localhost/", "localhost", 443, "/", "localhost:443"),
    ] as [(String, String, UInt16, String, String)])
  func `A URL is taken apart`(text: String, host: String, port: UInt16, path: String, authority: String)
    throws
  {
    let url = try #require(ServiceURL(text))
    #expect(url.host == host && url.port == port && url.path == path && url.authority == authority)
    #expect(url.isSecure == text.hasPrefix("https"))
  }

  @Test(arguments: [
    "", "localhost:8080", "ftp://localhost/", "http://", "http:///x", "http://[::1", "http://a:99999/",
    "http://a:x/", "http://a/b c", "http://a/\r\nX: y",
  ])
  func `what it cannot ask is refused`(text: String) {
    #expect(ServiceURL(text) == nil)
  }
}

/// A file in the temporary directory that is removed with its owner.
final class TemporaryFile {
  let path: String

  init(_ text: String) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("curvesmith-\(UUID()).json").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
