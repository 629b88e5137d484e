// The audit log of the whole service, from its start to its end, and that keys in memory stay there.

import API
import Digest
import Foundation
import JSON
import Telemetry
import Testing
import curvesmith

@Suite(.timeLimit(.minutes(5))) struct AuditTests {
  private static func events(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      let event = try JSONParser.parse(Array(line.utf8))
      return ["action", "name", "outcome"].compactMap { event[$0]?.stringValue }.joined(separator: " ")
    }
  }

  @Test func `a service notes its start, changes, keys, readings and end, and follows its file's name`()
    async throws
  {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/audit.log"
    let keys = KeyFile(directory.path + "/keys.json")
    let key = APIKey()
    try keys.update { list throws(CommandFailure) in
      list.add(KeyEntry(key, name: "ci", scopes: Set(Scope.allCases), createdAt: SystemClock().now()))
    }
    let live = try await LiveService(workers: 1) { settings, _ in
      settings.auditLog = path
      settings.keysFile = keys.path
    }
    let job = try await live.client.send(
      "DELETE", "/v1/jobs/x", fields: ["Authorization: Bearer \(key.secret.exposed)"], body: [])
    #expect(job.status == 404)
    #expect(try await live.client.get("/v1/jobs").status == 401)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try keys.update { list throws(CommandFailure) in
      list.add(KeyEntry(APIKey(), name: "new", scopes: [.read], createdAt: SystemClock().now()))
    }
    live.service.reload()
    try Data("{".utf8).write(to: URL(fileURLWithPath: keys.path))
    live.service.reload()
    await live.service.stop()
    #expect(try Self.events(path + ".1") == ["start done", "deleteJob ci 404", "listJobs 401"])
    // The file is looked at every second besides.
    let later = try Self.events(path).filter { $0 != "reloadKeys failed" }
    #expect(
      later == ["reload done", "addKey new done", "reload done", "stop done"]
        || later == ["reload done", "reload done", "stop done"])
    let secret = key.secret.exposed.suffix(38).prefix(32)
    for name in [path, path + ".1"] {
      #expect(try !String(contentsOfFile: name, encoding: .utf8).contains(secret))
    }
  }

  @Test func `SIGHUP opens the file anew`() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/audit.log"
    let service = try await Binary.serve(directory, arguments: ["--audit-log", path])
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    service.signal(SIGHUP)
    while !FileManager.default.fileExists(atPath: path) { await Task.yield() }
    #expect(try await service.client.send("DELETE", "/v1/jobs/x", body: []).status == 404)
    #expect(try await service.stop(SIGTERM) == 0)
    #expect(try Self.events(path + ".1") == ["start done"])
    #expect(try Self.events(path) == ["reload done", "deleteJob 404", "stop done"])
  }

  @Test func `a file that cannot be opened ends the start with status 2`() async throws {
    let directory = try TemporaryDirectory()
    let run = try await Binary.run([
      "serve", "--port", "0", "--data-dir", directory.path + "/data", "--audit-log", "/nothing/audit.log",
    ])
    #expect(run.status == 2)
    #expect(
      run.error.hasSuffix(
        "curvesmith: --audit-log: cannot open /nothing/audit.log: No such file or directory\n"))
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/data"))
  }

  @Test func `without a file the lines are in the log, under a label of their own`() async throws {
    let directory = try TemporaryDirectory()
    let logPath = directory.path + "/log"
    #expect(FileManager.default.createFile(atPath: logPath, contents: nil))
    let log = try #require(FileHandle(forWritingAtPath: logPath))
    let service = try await Binary.serve(
      directory, arguments: ["--log-level", "notice", "--log-format", "json"], log: log)
    #expect(try await service.client.post("/v1/jobs", json: [:]).status == 422)
    #expect(try await service.stop(SIGTERM) == 0)
    #expect(try Self.events(logPath) == ["start done", "createJob 422", "stop done"])
    #expect(try String(contentsOfFile: logPath, encoding: .utf8).contains(#""logger":"audit""#))
  }

  @Test func `an insecure service asks for no key after it was told to read again`() async throws {
    let directory = try TemporaryDirectory()
    let keys = KeyFile(directory.path + "/keys.json")
    try keys.update { list throws(CommandFailure) in
      list.add(KeyEntry(APIKey(), name: "ci", scopes: [.read], createdAt: SystemClock().now()))
    }
    let live = try await LiveService(workers: 1) { settings, _ in
      settings.insecure = true
      settings.keysFile = keys.path
    }
    live.service.reload()
    #expect(try await live.client.get("/v1/jobs").status == 200)
    await live.service.stop()
  }

  @Test(arguments: [[], ["--debuggable"]])
  func `where keys are in memory nobody may look into the process, unless it is allowed`(_ flags: [String])
    async throws
  {
    let directory = try TemporaryDirectory()
    #expect(try await Binary.run(["keygen", "--data-dir", directory.path]).status == 0)
    let logPath = directory.path + "/log"
    #expect(FileManager.default.createFile(atPath: logPath, contents: nil))
    let log = try #require(FileHandle(forWritingAtPath: logPath))
    let service = try await Binary.serve(directory, arguments: ["--log-level", "info"] + flags, log: log)
    // The metrics are read from /proc, which such a process still may.
    #expect(try await service.client.get("/livez").status == 200)
    #expect(try await service.stop(SIGTERM) == 0)
    let text = try String(contentsOfFile: logPath, encoding: .utf8)
    #expect(text.contains("no core dumps and no debuggers") == flags.isEmpty)
  }
}
