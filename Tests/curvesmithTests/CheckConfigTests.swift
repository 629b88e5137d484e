// check-config: what would be in force and from where, or everything that is wrong, without starting anything.

import Foundation
import Testing
import curvesmith

@Suite struct CheckConfigTests {
  @Test func `every setting is said with its source`() async throws {
    let directory = try TemporaryDirectory()
    let file = try TemporaryFile("{\n  \"workers\": 3,\n  \"data_dir\": \"\(directory.path)\"\n}\n")
    let run = try await Binary.run(
      ["check-config", "--config", file.path, "--port", "8081"],
      environment: ["CURVESMITH_QUEUE_CAPACITY": "7", "CURVESMITH_PROT": "1"])
    #expect(run.status == 0, "\(run.error)")
    let lines = run.output.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    }
    #expect(lines.map(\.first) == ServeSettings.table.map(\.name))
    let rows = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], Array($0.dropFirst())) })
    #expect(rows["port"] == ["8081", "flag", "--port"])
    #expect(rows["workers"] == ["3", "file", "\(file.path):2:3"])
    #expect(rows["queue_capacity"] == ["7", "environment", "CURVESMITH_QUEUE_CAPACITY"])
    #expect(rows["host"] == ["127.0.0.1", "default"])
    #expect(rows["allowed_hosts"] == ["-", "default"])
    #expect(run.error.contains("CURVESMITH_PROT is no setting; did you mean `CURVESMITH_PORT`?"))
    // Nothing was started or made.
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test func `every fault is said at its place, and the status is 2`() async throws {
    let file = try TemporaryFile("{\n  \"prot\": 80,\n  \"workers\": \"many\"\n}\n")
    let run = try await Binary.run(["check-config", "--config", file.path, "--allowed-origin", "*"])
    #expect(run.status == 2 && run.output.isEmpty)
    for fault in [
      "\(file.path):2:3: unknown setting `prot`", "\(file.path):3:3: workers: ", "--allowed-origin: `*`",
    ] {
      #expect(run.error.contains(fault), "\(run.error)")
    }
  }

  @Test func `a keys file that the service would refuse is a fault`() async throws {
    let directory = try TemporaryDirectory()
    try Data("{}".utf8).write(to: URL(fileURLWithPath: directory.path + "/api-keys.json"))
    let run = try await Binary.run(["check-config", "--data-dir", directory.path])
    #expect(run.status == 2 && run.error.contains("/api-keys.json: #/version"))
    let insecure = try await Binary.run(["check-config", "--data-dir", directory.path, "--insecure"])
    #expect(insecure.status == 0)
  }
}
