// The real service on a free port and a temporary directory, and a small client to speak to it.

import Dispatch
import Foundation
import JSON
import Net
import Server
import Telemetry
import Testing
import curvesmith

/// A running service that a test owns. It listens on 127.0.0.1 only; its directory goes with it.
final class LiveService: Sendable {
  let service: CurvesmithService
  let directory: TemporaryDirectory

  init(workers: Int, change: (inout ServeSettings, TemporaryDirectory) throws -> Void) async throws {
    directory = try TemporaryDirectory()
    var settings = ServeSettings()
    settings.port = 0
    settings.dataDirectory = directory.path + "/store"
    settings.workers = workers
    settings.graceSeconds = 30
    try change(&settings, directory)
    service = try await CurvesmithService(
      settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Speaks in clear, where the service has TLS to its plain port.
  var client: Client { Client(port: UInt16((service.plainAddress ?? service.address).port)) }

  /// Runs a test's body against a service and stops it afterwards, whatever happened.
  static func run<Result: Sendable>(
    workers: Int = 2, change: (inout ServeSettings, TemporaryDirectory) throws -> Void = { _, _ in },
    _ body: (Client) async throws -> Result
  ) async throws -> Result {
    let live = try await LiveService(workers: workers, change: change)
    do {
      let result = try await body(live.client)
      await live.service.stop()
      return result
    } catch {
      await live.service.stop()
      throw error
    }
  }
}

/// A directory that is removed with its owner.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("curvesmith-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// What came back.
struct Answer: Sendable {
  var status: Int
  var fields: [String: String]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> JSONValue {
    do {
      return try JSONParser.parse(body)
    } catch {
      Issue.record("not JSON (\(error)): \(text.prefix(300))", sourceLocation: sourceLocation)
      throw error
    }
  }
}

/// One request, one connection, one answer.
struct Client: Sendable {
  var port: UInt16

  func get(_ path: String, fields: [String] = []) async throws -> Answer {
    try await send("GET", path, fields: fields, body: [])
  }

  func post(_ path: String, json: JSONValue) async throws -> Answer {
    try await send("POST", path, fields: ["Content-Type: application/json"], body: json.serialized())
  }

  /// A specification with a CSV file beside it, as `curl -F spec=… -F data=@…` sends them.
  func post(_ path: String, spec: JSONValue, csv: [UInt8], fields: [String] = []) async throws -> Answer {
    let boundary = "curvesmith-test-boundary"
    var body = Array(
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"spec\"\r\nContent-Type: application/json\r\n\r\n"
        .utf8)
    body += spec.serialized()
    body += Array(
      "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"data\"; filename=\"data.csv\"\r\nContent-Type: text/csv\r\n\r\n"
        .utf8)
    body += csv
    body += Array("\r\n--\(boundary)--\r\n".utf8)
    return try await send(
      "POST", path, fields: ["Content-Type: multipart/form-data; boundary=\(boundary)"] + fields, body: body)
  }

  /// A specification with arrays of NumPy's beside it, by the names of their parts.
  func post(
    _ path: String, spec: JSONValue, arrays: [(name: String, bytes: [UInt8])]
  ) async throws -> Answer {
    let boundary = "curvesmith-test-boundary"
    let parts =
      [(name: "spec", type: "application/json", bytes: spec.serialized())]
      + arrays.map { (name: $0.name, type: "application/octet-stream", bytes: $0.bytes) }
    var body: [UInt8] = []
    for part in parts {
      let file = part.name == "spec" ? "" : "; filename=\"\(part.name).npy\""
      body += Array(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\nContent-Type: \(part.type)\r\n\r\n"
          .utf8)
      body += part.bytes + Array("\r\n".utf8)
    }
    body += Array("--\(boundary)--\r\n".utf8)
    return try await send(
      "POST", path, fields: ["Content-Type: multipart/form-data; boundary=\(boundary)"], body: body)
  }

  func send(_ method: String, _ path: String, fields: [String] = [], body: [UInt8]) async throws -> Answer {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n"
    head += fields.map { $0 + "\r\n" }.joined()
    if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
    return try await exchange(Array((head + "\r\n").utf8) + body)
  }

  /// Sends bytes as they are and reads the first answer. Blocking calls stay off Swift's cooperative threads.
  func exchange(_ bytes: [UInt8]) async throws -> Answer {
    let port = port
    return try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try Self.exchange(bytes, port: port) })
      }
    }
  }

  private static func exchange(_ bytes: [UInt8], port: UInt16) throws -> Answer {
    let address = try #require(try SocketAddress.resolve(host: "127.0.0.1", port: port).first)
    let connection = try BlockingConnection(to: address, timeout: .seconds(300))
    try connection.send(bytes)
    return try parse(try connection.receiveAll(limit: 1 << 28))
  }

  private static func parse(_ bytes: [UInt8]) throws -> Answer {
    let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)), "no answer")
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
    }
    let status = try #require(Int(lines[0].split(separator: " ")[1]))
    return Answer(status: status, fields: fields, body: Array(bytes[end.upperBound...]))
  }
}

extension Client {
  /// Waits until a job has ended, and gives its last state. The service holds each request; nothing is polled.
  func finished(_ id: String) async throws -> JSONValue {
    while true {
      let job = try await get("/v1/jobs/\(id)", fields: ["Prefer: wait=60"]).json()
      if ["succeeded", "failed", "cancelled"].contains(job["status"]?.stringValue) { return job }
    }
  }

  /// Submits a job, waits for its end, and gives its last state.
  func train(
    _ spec: JSONValue, csv: [UInt8]? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    let answer =
      if let csv { try await post("/v1/jobs", spec: spec, csv: csv) } else {
        try await post("/v1/jobs", json: spec)
      }
    #expect(answer.status == 202, "\(answer.text)", sourceLocation: sourceLocation)
    let id = try #require(try answer.json()["id"]?.stringValue, sourceLocation: sourceLocation)
    return try await finished(id)
  }
}

/// Files of the repository that tests read.
enum Repository {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func url(_ path: String) -> URL {
    root.appendingPathComponent(path)
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: url(path)))
  }

  static func json(_ path: String) throws -> JSONValue {
    try JSONParser.parse(bytes(path))
  }
}
