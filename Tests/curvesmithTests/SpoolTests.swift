// Large bodies at the running service: on disk while they come, in memory only where they are checked, gone at every end.

import Foundation
import Glibc
import JSON
import Net
import Testing
import curvesmith

/// A client in the middle of its upload.
private final class Upload: Sendable {
  private let connection: BlockingConnection

  init(port: UInt16, _ bytes: [UInt8]) throws {
    let address = try #require(try SocketAddress.resolve(host: "127.0.0.1", port: port).first)
    connection = try BlockingConnection(to: address, timeout: .seconds(300))
    try connection.send(bytes)
  }
}

@Suite(.timeLimit(.minutes(10))) struct SpoolTests {
  /// The sizes of the files without names that the process has open below `path`.
  private static func spooled(below path: String) -> [Int] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return numbers.compactMap { number in
      let link = "/proc/self/fd/\(number)"
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
        target.hasPrefix(path), target.hasSuffix("(deleted)")
      else { return nil }
      var status = stat()
      return stat(link, &status) == 0 ? Int(status.st_size) : nil
    }
  }

  private static func head(_ fields: String) -> [UInt8] {
    Array(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\(fields)\r\n\r\n".utf8)
  }

  @Test func `of bodies that do not end the process holds a little each, and nothing is left of them`()
    async throws
  {
    let live = try await LiveService(workers: 1) { _, _ in }
    let client = live.client
    let path = URL(fileURLWithPath: live.directory.path).resolvingSymlinksInPath().path
    let (clients, size) = (16, 3 << 20)
    let filler = [UInt8](repeating: 0x20, count: size)
    let chunked =
      Self.head("Transfer-Encoding: chunked") + Array("\(String(size, radix: 16))\r\n".utf8) + filler
    let long = Self.head("Content-Length: \(size + 1)") + filler
    var uploads = try await withThrowingTaskGroup(of: Upload.self) { group in
      for index in 0..<clients {
        group.addTask { try Upload(port: client.port, index % 2 == 0 ? chunked : long) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    // 256 KiB of each are kept in memory, and 64 KiB may not have been given on yet.
    while Self.spooled(below: path).count(where: { $0 >= size - (320 << 10) }) < clients {
      #expect(try await client.get("/livez").status == 200)
    }
    #expect(uploads.count == clients)
    uploads = []
    while !Self.spooled(below: path).isEmpty { #expect(try await client.get("/livez").status == 200) }
    await live.service.stop()
    let names = try FileManager.default.contentsOfDirectory(atPath: live.directory.path + "/store")
    #expect(names.allSatisfy { !$0.contains("spool") }, "\(names)")
  }

  @Test func `a large table is taken whole, and digested as what it is`() async throws {
    try await LiveService.run(workers: 1) { client in
      let rows = (0..<60_000).map { "\($0),\($0 % 7),\($0 % 2)\n" }.joined()
      let csv = Array(("a,b,y\n" + rows).utf8)
      let spec: JSONValue = [
        "data": ["target": "y"], "activation": "tanh", "training": ["epochs": 1],
      ]
      let told = try await client.post("/v1/jobs/validate", spec: spec, csv: csv)
      #expect(told.status == 200, "\(told.text)")
      let inline: JSONValue = [
        "data": ["target": "y", "csv": .string(String(decoding: csv, as: UTF8.self))],
        "activation": "tanh", "training": ["epochs": 1],
      ]
      let again = try await client.post("/v1/jobs/validate", json: inline)
      #expect(try told.json()["data_sha256"] == again.json()["data_sha256"])
      let refused = try await client.send(
        "POST", "/v1/jobs", fields: ["Content-Type: application/json"], body: Array(csv.prefix(500_000)))
      #expect(refused.status == 400)
    }
  }
}
