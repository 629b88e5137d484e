// A file of lines: for its owner alone, appended to, and made anew where somebody has moved it away.

import Foundation
import Synchronization
import Telemetry
import Testing

@Suite struct LogFileTests {
  private final class Failures: Sendable {
    let all = Mutex<[String]>([])
  }

  private struct FixedClock: WallClock {
    func now() -> Timestamp { Timestamp(milliseconds: 1_767_225_600_042) }
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "curvesmith-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `lines are appended for the owner alone, and follow the name when it is opened anew`() throws {
    try withFolder { folder in
      let path = folder + "/audit.log"
      let file = try LogFile(path) { _ in }
      file.write("one\n")
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
      try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
      file.write("two\n")
      try file.reopen()
      file.write("three\n")
      #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "one\ntwo\n")
      let other = try LogFile(path) { _ in }
      other.write("four\n")
      file.write("five\n")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "three\nfour\nfive\n")
    }
  }

  @Test func `a file that cannot be opened is told with the reason, and the old one goes on`() throws {
    #expect(throws: LogFileError.self) { try LogFile("/nothing/here") { _ in } }
    try withFolder { folder in
      let file = try LogFile(folder + "/a/../audit.log".replacing("a/../", with: "")) { _ in }
      try FileManager.default.moveItem(atPath: file.path, toPath: folder + "/moved")
      try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: true)
      let error = #expect(throws: LogFileError.self) { try file.reopen() }
      #expect(error?.description == "cannot open \(file.path): Is a directory")
      file.write("still\n")
      #expect(try String(contentsOfFile: folder + "/moved", encoding: .utf8) == "still\n")
    }
  }

  @Test func `lines that a full disk does not take are told once`() throws {
    let failures = Failures()
    let file = try LogFile("/dev/full") { reason in failures.all.withLock { $0.append(reason) } }
    for _ in 0..<3 { file.write("lost\n") }
    #expect(failures.all.withLock { $0 } == ["cannot write to /dev/full: No space left on device"])
  }

  @Test func `an event is one line of JSON with what there is to tell`() throws {
    try withFolder { folder in
      let audit = AuditLog(try LogFile(folder + "/audit.log") { _ in }, clock: FixedClock())
      audit.record(AuditEvent("start", target: "1.2"))
      var event = AuditEvent("deleteJob", outcome: "404", target: "job\n\"", reason: "not_found")
      (event.principal, event.name, event.peer) = ("4m0x1c8yq2zr", "ci", "192.0.2.1")
      (event.requestID, event.traceID) = ("r", "t")
      audit.record(event)
      #expect(
        try String(contentsOfFile: folder + "/audit.log", encoding: .utf8) == #"""
          {"ts":"2026-01-01T00:00:00.042Z","level":"notice","logger":"audit","message":"start","action":"start","event":"audit","outcome":"done","target":"1.2"}
          {"ts":"2026-01-01T00:00:00.042Z","level":"notice","logger":"audit","message":"deleteJob","action":"deleteJob","event":"audit","name":"ci","outcome":"404","peer":"192.0.2.1","principal":"4m0x1c8yq2zr","reason":"not_found","request_id":"r","target":"job\n\"","trace_id":"t"}

          """#)
    }
  }
}
