// Content that waits on disk: the same as in memory, seen by nobody else, and gone at every end.

import API
import Compression
import Foundation
import Glibc
import HTTP
import JSON
import Jobs
import Testing

/// A folder of a test, which goes with it.
private final class Folder: Sendable {
  let path = FileManager.default.temporaryDirectory.path + "/spool-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names that anybody could see.
  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? ["?"] }

  /// The files of the folder that this process has open, by their modes.
  var openFiles: [mode_t] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return numbers.compactMap { number in
      let link = "/proc/self/fd/\(number)"
      guard (try? FileManager.default.destinationOfSymbolicLink(atPath: link))?.hasPrefix(path) == true else {
        return nil
      }
      var status = stat()
      return stat(link, &status) == 0 ? status.st_mode & 0o777 : nil
    }
  }

  /// Returns when no file of the folder is open.
  func waitUntilClosed() async {
    while !openFiles.isEmpty { await Task.yield() }
  }

  func configuration(memory: Int, isNamed: Bool = false) -> SpoolConfiguration {
    var configuration = SpoolConfiguration()
    configuration.directory = path
    configuration.memory = memory
    if isNamed { configuration.openFile = SpoolFile.openUnlinked }
    return configuration
  }
}

@Suite(.timeLimit(.minutes(10))) struct SpoolTests {
  private static func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  private func read(_ spool: Spool) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try spool.forEachPiece { bytes += $0 }
    return bytes
  }

  @Test(arguments: [false, true])
  func `what is taken is what is read, as often as it is, and has no name`(isNamed: Bool) async throws {
    let folder = try Folder()
    let content = Self.content(700_000)
    var spool: Spool? = Spool(folder.configuration(memory: 1000, isNamed: isNamed))
    var rest = content[...]
    for size in [1, 998, 1, 1, 299_999, 5, 399_000] {
      try await spool?.take(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
      #expect(spool?.count == rest.startIndex)
      // The first thousand octets are in memory.
      #expect(folder.openFiles == (rest.startIndex > 1000 ? [0o600] : []) && folder.names == [])
    }
    try await spool?.take(Array(rest))
    for _ in 0..<2 { #expect(try spool.map(read) == content) }
    spool = nil
    await folder.waitUntilClosed()
  }

  @Test func `what is let go of takes no more`() async throws {
    let folder = try Folder()
    let spool = Spool(folder.configuration(memory: 10))
    try await spool.take(Self.content(100))
    spool.abandon()
    await folder.waitUntilClosed()
    try await spool.take(Self.content(100))
    #expect(spool.count == 0 && folder.openFiles.isEmpty)
  }

  @Test func `a full disk and one that fails are told apart`() async throws {
    for (configuration, isFull) in [(SpoolConfiguration.full, true), (.nowhere, false)] {
      var configuration = configuration
      configuration.memory = 10
      do {
        try await Spool(configuration).take(Self.content(100))
        Issue.record("taken")
      } catch StorageError.full { #expect(isFull) } catch StorageError.unavailable { #expect(!isFull) }
    }
  }

  @Test func `every operation leaves nothing behind, whatever it answers`() async throws {
    let folder = try Folder()
    try await Service.run(.init(spool: folder.configuration(memory: 16))) { service in
      let created = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      #expect(created.status == 200)
      let job = try #require(created.field("Location"))
      let form = Specifications.form(spec: Specifications.formSpec)
      #expect(try await service.send("POST", "/v1/jobs", [Specifications.formType], body: form).status == 202)
      for (target, type, text, status) in [
        ("/v1/jobs/validate", "application/json", Specifications.quick, 200),
        ("/v1/jobs/validate", "application/json", "{\"much\": \"of nothing\"}", 422),
        ("/v1/activations/analyze", "application/json", #"{"expression": "x * sigmoid(x)"}"#, 200),
        ("\(job)/predict", "application/json", #"{"inputs": [[0, 1], [1, 1], [0, 0]]}"#, 200),
        ("\(job)/predict", "text/csv", "0,1\n1,1\n0,0\n1,0\n0,1\n", 200),
        ("\(job)/predict", "text/csv", "0,1\n1,1\n0,0\n1,0\n0,one\n", 422),
        ("/v1/jobs", "application/json", "{ this is no JSON at all }", 400),
      ] {
        for isCoded in [false, true] {
          let body = isCoded ? Gzip.compressed(Array(text.utf8), level: .fast) : Array(text.utf8)
          let fields = [("Content-Type", type)] + (isCoded ? [("Content-Encoding", "gzip")] : [])
          #expect(try await service.send("POST", target, fields, body: body).status == status, "\(text)")
        }
      }
      await folder.waitUntilClosed()
    }
    #expect(folder.names == [])
  }

  @Test func `predictions are the same from disk and from memory`() async throws {
    let rows = (0..<200).map { "\($0 % 2),\($0 % 3 % 2)\n" }.joined()
    for memory in [16, 1 << 20] {
      try await Service.run(.init(spooled: memory)) { service in
        let created = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
        let job = try #require(created.field("Location"))
        let plain = try await service.send(
          "POST", "\(job)/predict", [("Content-Type", "text/csv")], body: Array(rows.utf8))
        let coded = try await service.send(
          "POST", "\(job)/predict", [("Content-Type", "text/csv"), ("Content-Encoding", "gzip")],
          body: Gzip.compressed(Array(rows.utf8), level: .fast))
        #expect(plain.status == 200 && plain.bytes == coded.bytes)
      }
    }
  }
}
