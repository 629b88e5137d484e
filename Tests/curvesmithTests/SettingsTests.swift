// Settings: one precedence, every fault at once, and nothing silently replaced by a default.

import Configuration
import Foundation
import Testing
import curvesmith

@Suite("Settings of serve")
struct SettingsTests {
  @Test("Without anything given, the defaults hold and say so")
  func defaults() async throws {
    let (settings, origins) = try await ServeSettings.resolve(flags: [:], environment: [:], file: nil)
    #expect(settings.host == "127.0.0.1")
    #expect(settings.port == 8080)
    #expect(settings.dataDirectory == "./curvesmith-data")
    #expect(settings.workers == CPUAllowance.processors())
    #expect(Set(origins.map(\.name)) == ServeSettings.names)
    #expect(origins.allSatisfy { $0.source == "default" })
  }

  @Test("A flag wins over the environment, which wins over the file, which wins over the default")
  func precedence() async throws {
    let file = try TemporaryFile(#"{"port": 1001, "workers": 3, "queue_capacity": 7}"#)
    let (settings, origins) = try await ServeSettings.resolve(
      flags: ["port": .int(1003)],
      environment: ["CURVESMITH_PORT": "1002", "CURVESMITH_WORKERS": "4"], file: file.path)
    #expect(settings.port == 1003)
    #expect(settings.workers == 4)
    #expect(settings.queueCapacity == 7)
    let sources = Dictionary(uniqueKeysWithValues: origins.map { ($0.name, $0.source) })
    #expect(sources["port"] == "flag")
    #expect(sources["workers"] == "environment")
    #expect(sources["queue_capacity"] == "file")
    #expect(sources["host"] == "default")
  }

  @Test("Every fault is reported at once, with the documented exit code")
  func allFaults() async throws {
    let file = try TemporaryFile(#"{"prot": 80}"#)
    let failure = await #expect(throws: CommandFailure.self) {
      try await ServeSettings.resolve(
        flags: ["workers": .int(0)],
        environment: ["CURVESMITH_PORT": "80a", "CURVESMITH_LOG_LEVEL": "loud"], file: file.path)
    }
    #expect(failure?.status == 2)
    let message = failure?.message ?? ""
    #expect(message.contains("unknown setting `prot`; did you mean `port`?"))
    #expect(message.contains("port: the value from environment is not a whole number"))
    #expect(message.contains("workers: 0 is not between 1 and 1024"))
    #expect(message.contains("log_level: `loud` is not one of `trace`, `debug`, `info`"))
  }

  @Test("A host that others can reach needs --insecure", arguments: ["0.0.0.0", "::", "192.0.2.1"])
  func insecureHost(host: String) async throws {
    await #expect(throws: CommandFailure.self) {
      try await ServeSettings.resolve(flags: ["host": .string(host)], environment: [:], file: nil)
    }
    let (settings, _) = try await ServeSettings.resolve(
      flags: ["host": .string(host), "insecure": .bool(true)], environment: [:], file: nil)
    #expect(settings.host == host)
  }

  @Test(
    "A cgroup's quota is rounded up to whole processors",
    arguments: [
      ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000\n", 2), ("50000 100000\n", 1), ("", nil),
      ("1e300 1", nil), ("inf 1", nil),
      ("x y", nil),
    ] as [(String, Int?)])
  func quota(text: String, expected: Int?) {
    #expect(CPUAllowance.quota(cgroup: text) == expected)
  }
}

@Suite("The health check's URL")
struct PlainURLTests {
  @Test(
    "A URL is taken apart",
    arguments: [
      ("http://127.0.0.1:8080/readyz", "127.0.0.1", 8080, "/readyz", "127.0.0.1:8080"),
      ("http://localhost", "localhost", 80, "/", "localhost:80"),
      ("http://[::1]:9/livez?x=1", "::1", 9, "/livez?x=1", "[::1]:9"),
    ] as [(String, String, UInt16, String, String)])
  func parts(text: String, host: String, port: UInt16, path: String, authority: String) throws {
    let url = try #require(PlainURL(text))
    #expect(url.host == host && url.port == port && url.path == path && url.authority == authority)
  }

  @Test(
    "What it cannot ask is refused",
    arguments: [
      "", "localhost:8080", "https://localhost/", "http://", "http:///x", "http://[::1", "http://a:99999/",
      "http://a:x/", "http://a/b c", "http://a/\r\nX: y",
    ])
  func refused(text: String) {
    #expect(PlainURL(text) == nil)
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
