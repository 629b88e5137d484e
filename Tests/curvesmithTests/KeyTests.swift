// Keys from the command line to the answer: how they are made, when they are needed, and that nothing writes them down.

import API
import Digest
import Foundation
import Telemetry
import Testing
import curvesmith

@Suite struct KeyTests {
  private static func keygen(_ directory: TemporaryDirectory, _ arguments: [String] = []) async throws
    -> String
  {
    let run = try await Binary.run(["keygen", "--data-dir", directory.path] + arguments)
    #expect(run.status == 0, "\(run.error)")
    let key = run.output.trimmingCharacters(in: .newlines)
    // Nothing else stands on standard output, and the key nowhere else.
    #expect(APIKey(key) != nil && run.output == key + "\n" && !run.error.contains(key.suffix(38)))
    return key
  }

  private static func list(_ directory: TemporaryDirectory) throws -> KeyList {
    try #require(try KeyFile(directory.path + "/api-keys.json").read())
  }

  private static func status(
    _ client: Client, _ key: String? = nil, _ method: String = "GET", _ path: String = "/v1/jobs"
  ) async throws -> Int {
    try await client.send(
      method, path, fields: key.map { ["Authorization: Bearer \($0)"] } ?? [], body: []
    ).status
  }

  @Test func `keygen prints a key once and keeps its digest for its owner alone`() async throws {
    let directory = try TemporaryDirectory()
    let key = try await Self.keygen(
      directory,
      ["--name", "ci", "--scopes", "read,submit", "--expires-days", "90", "--requests-per-minute", "60"])
    let entry = try #require(try Self.list(directory).entries.first)
    #expect(entry.id == APIKey(key)?.id && entry.digest == APIKey(key)?.digest)
    #expect(entry.name == "ci" && entry.scopes == [.read, .submit])
    #expect(entry.limits == KeyLimits(requestsPerMinute: 60))
    let end = try #require(entry.expiresAt)
    #expect(end.milliseconds - entry.createdAt.milliseconds == 90 * 86_400_000)
    let file = try FileManager.default.attributesOfItem(atPath: directory.path + "/api-keys.json")
    #expect((file[.posixPermissions] as? Int) == 0o600)
  }

  @Test func `rotation keeps the old key for a while`() async throws {
    let directory = try TemporaryDirectory()
    let old = try await Self.keygen(directory, ["--name", "ci", "--scopes", "read"])
    let id = try #require(APIKey(old)?.id)
    let new = try await Self.keygen(directory, ["--rotate", id, "--overlap-hours", "2"])
    let entries = try Self.list(directory).entries
    #expect(entries.map(\.name) == ["ci", "ci"] && entries.map(\.id) == [id, APIKey(new)?.id])
    #expect(entries[0].expiresAt?.milliseconds == entries[1].createdAt.milliseconds + 7_200_000)
    let unknown = try await Binary.run(["keygen", "--data-dir", directory.path, "--rotate", "000000000000"])
    #expect(unknown.status == 1 && unknown.output.isEmpty && unknown.error.contains("there is no key"))
  }

  @Test(arguments: [
    (["--scopes", "raed"], "did you mean `read`?"), (["--scopes", ""], "is not one of"),
    (["--expires-days", "0"], "--expires-days: `0` is not a whole number from 1 to 36500"),
    (["--rotate", "x", "--name", "y"], "--rotate keeps the name"),
  ]) func `what keygen cannot do it says, with status 2`(_ arguments: [String], _ fault: String) async throws
  {
    let directory = try TemporaryDirectory()
    let run = try await Binary.run(["keygen", "--data-dir", directory.path] + arguments)
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.error.contains(fault), "\(run.error)")
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/api-keys.json"))
  }

  @Test func `keys made at the same time are all kept`() async throws {
    let directory = try TemporaryDirectory()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { _ = try await Self.keygen(directory) } }
      try await group.waitForAll()
    }
    #expect(try Self.list(directory).entries.count == 8)
  }

  @Test func `beyond loopback the first start makes a key and shows it once`() async throws {
    let directory = try TemporaryDirectory()
    let first = try await Binary.serve(directory, arguments: ["--host", "0.0.0.0"])
    let match = try #require(
      first.greeting.firstMatch(
        of: /curvesmith made an API key, shown only now: (csk_\w+)\ncurvesmith is listening/))
    let key = String(match.output.1)
    #expect(try Self.list(directory).entries.first?.scopes == Set(Scope.allCases))
    #expect(try await Self.status(first.client) == 401)
    #expect(try await Self.status(first.client, key) == 200)
    for open in ["/livez", "/readyz", "/", "/openapi.json", "/openapi.yaml"] {
      #expect(try await Self.status(first.client, nil, "GET", open) == 200, "\(open)")
    }
    #expect(
      try await Binary.run(["healthcheck", "http://127.0.0.1:\(first.client.port)/readyz"]).status == 0)
    #expect(try await first.stop(SIGTERM) == 0)
    // In which hour it was used is written down at the end.
    let entry = try #require(try Self.list(directory).entries.first)
    let used = try #require(entry.lastUsedAt).milliseconds
    #expect(used % 3_600_000 == 0 && abs(entry.createdAt.milliseconds - used) < 2 * 3_600_000)

    let second = try await Binary.serve(directory, arguments: ["--host", "0.0.0.0"])
    #expect(second.greeting.hasPrefix("curvesmith is listening"))
    #expect(try await Self.status(second.client, key) == 200)
    #expect(try await second.stop(SIGTERM) == 0)
  }

  @Test func `insecure asks nobody for a key, whatever the file says`() async throws {
    let directory = try TemporaryDirectory()
    _ = try await Self.keygen(directory)
    let service = try await Binary.serve(directory, arguments: ["--host", "0.0.0.0", "--insecure"])
    #expect(service.greeting.hasPrefix("curvesmith is listening"))
    #expect(try await Self.status(service.client) == 200)
    #expect(try await service.stop(SIGTERM) == 0)
  }

  @Test func `on loopback a file of keys asks for them, also one that comes later or is removed`()
    async throws
  {
    let directory = try TemporaryDirectory()
    let service = try await Binary.serve(directory)
    #expect(try await Self.status(service.client) == 200)
    let key = try await Self.keygen(directory)
    service.signal(SIGHUP)
    while try await Self.status(service.client) != 401 {}
    #expect(try await Self.status(service.client, key) == 200)
    // A file that cannot be read changes nothing; whether it was seen by then does not matter.
    try Data("{".utf8).write(to: URL(fileURLWithPath: directory.path + "/api-keys.json"))
    service.signal(SIGHUP)
    #expect(try await Self.status(service.client, key) == 200)
    try FileManager.default.removeItem(atPath: directory.path + "/api-keys.json")
    service.signal(SIGHUP)
    while try await Self.status(service.client, key) != 401 {}
    #expect(try await service.stop(SIGTERM) == 0)
  }

  @Test func `a file of keys that is damaged ends the start with status 2`() async throws {
    let directory = try TemporaryDirectory()
    try Data(#"{"version": 1, "keys": [{}]}"#.utf8)
      .write(to: URL(fileURLWithPath: directory.path + "/api-keys.json"))
    let run = try await Binary.run(["serve", "--port", "0", "--data-dir", directory.path])
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.error.contains("/api-keys.json: #/keys/0/id: required member is missing"), "\(run.error)")
  }

  @Test(arguments: ["text", "json"])
  func `no key is written down anywhere, and the log names its owner`(_ format: String) async throws {
    let directory = try TemporaryDirectory()
    let key = try await Self.keygen(directory, ["--name", "the tester"])
    let logPath = directory.path + "/log"
    #expect(FileManager.default.createFile(atPath: logPath, contents: nil))
    let log = try #require(FileHandle(forWritingAtPath: logPath))
    let service = try await Binary.serve(
      directory, arguments: ["--log-level", "trace", "--log-format", format], log: log)
    let other = APIKey().secret.exposed
    for token in [key, other, key + "0", String(key.dropLast())] {
      for (method, path) in [("GET", "/v1/jobs"), ("POST", "/v1/jobs"), ("GET", "/v1/jobs?key=\(token)")] {
        _ = try await Self.status(service.client, token, method, path)
      }
    }
    #expect(try await service.stop(SIGTERM) == 0)
    let files = try #require(FileManager.default.enumerator(atPath: directory.path))
    var seen = 0
    for case let name as String in files {
      guard let data = FileManager.default.contents(atPath: "\(directory.path)/\(name)") else { continue }
      seen += 1
      for secret in [key, other] {
        // The identifier is public; the secret after it is not.
        #expect(data.range(of: Data(secret.dropFirst(17).prefix(20).utf8)) == nil, "\(name)")
      }
    }
    #expect(seen >= 3 && !service.greeting.contains("csk_"))
    let text = try String(contentsOfFile: logPath, encoding: .utf8)
    let id = try #require(APIKey(key)?.id)
    #expect(text.contains("the tester") && text.contains(id))
  }
}
