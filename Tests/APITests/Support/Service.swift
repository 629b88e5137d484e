// The API over a real job service on a temporary directory, reached by HTTP's own parser without sockets.

import API
import Compression
import Foundation
import HTTP
import HTTPTypes
import JSON
import Jobs
import Telemetry
import Testing

/// One running service of a test.
struct Service: Sendable {
  let api: CurvesmithAPI
  let jobs: JobService
  let access: AccessControl
  let answers = HeldAnswers()
  /// Whether what is asked again takes nothing from anybody's quota.
  let isUncounted: Bool

  /// In what a test's service departs from the ordinary.
  struct Options {
    var queueCapacity = 100
    var isStarted = true
    var allowedHosts: [String] = []
    var allowedOrigins: [String] = []
    var maximumWaiters = 256
    var keys: KeyList?
    var maximumStreams = 1024
    var ownOnly = false
    var workers = 1
    var runningJobs: [String: Int] = [:]
    var maximumBody = 16 << 20
    var maximumUpload = 64 << 20
    var spool = SpoolConfiguration()
    /// Bytes of content that stay in memory: by default so few that nearly all goes to a file.
    var spooled = 16
    var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    var audit = AuditLog.none
    var seconds: @Sendable () -> Double = monotonicSeconds
    var clock: any WallClock = SystemClock()
    /// Trains in the engine's place.
    var runner: (any TrainingRunner)?
    var sleep: @Sendable (Double) async -> Void = { try? await Task.sleep(for: .seconds($0)) }
  }

  /// Runs `body` with a service of its own and takes it down afterwards.
  static func run(_ options: Options = Options(), _ body: (Service) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "curvesmith-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    try await run(options, store: SQLiteJobStore(directory: directory.path()), body)
  }

  static func run(
    _ options: Options = Options(), store: any JobStore, _ body: (Service) async throws -> Void
  ) async throws {
    let log = options.log
    let clock = SystemClock()
    var configuration = JobService.Configuration(version: "1.2.3", instructionSet: "baseline")
    configuration.queueCapacity = options.queueCapacity
    configuration.workers = options.workers
    configuration.runningJobs = { options.runningJobs }
    let ids = TimeOrderedIDGenerator(clock: clock)
    let jobs =
      if let runner = options.runner {
        JobService(
          store: store, configuration: configuration, clock: clock, ids: ids, log: log, runner: runner,
          sleep: options.sleep)
      } else {
        JobService(store: store, configuration: configuration, clock: clock, ids: ids, log: log)
      }
    var settings = APIConfiguration(jobs: configuration)
    settings.allowedHosts = options.allowedHosts
    settings.allowedOrigins = options.allowedOrigins
    settings.ownOnly = options.ownOnly
    settings.maximumWaiters = options.maximumWaiters
    settings.maximumStreams = options.maximumStreams
    settings.requests.body = options.maximumBody
    settings.maximumUpload = options.maximumUpload
    settings.spool = options.spool
    settings.spool.memory = options.spooled
    let metrics = MetricsRegistry()
    let access = AccessControl(
      keys: options.keys, clock: options.clock, log: log, audit: options.audit, metrics: metrics,
      seconds: options.seconds)
    let service = Service(
      api: CurvesmithAPI(jobs: jobs, configuration: settings, access: access, log: log, metrics: metrics),
      jobs: jobs, access: access, isUncounted: options.keys == nil)
    if options.isStarted { try await jobs.start() }
    do {
      try await body(service)
    } catch {
      await jobs.drain()
      throw error
    }
    await jobs.drain()
  }

  /// Sends one request and holds the reply against `openapi.yaml`.
  ///
  /// - Parameter fields: header fields; `Host` and `Content-Length` are added.
  @discardableResult
  func send(
    _ method: String, _ target: String, _ fields: [(String, String)] = [], body: [UInt8]? = nil,
    host: String? = "localhost", client: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Reply {
    var head = "\(method) \(target) HTTP/1.\(host == nil ? 0 : 1)\r\n"
    if let host { head += "Host: \(host)\r\n" }
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    // The stream of all jobs has no end: its first words will do.
    let isEndless = target.hasPrefix("/v1/events") && !target.contains("jobs=")
    let request = Array("\(head)\r\n".utf8) + (body ?? [])
    let held = answers.answer(to: request)
    let response = try await exchange(request, client: client)
    let reply = try await Reply(response, isEndless: isEndless)
    if let held {
      // What a connection would have given again without asking.
      let again = try await Reply(held)
      let isSame =
        again.status == reply.status && again.fields == reply.fields && again.sent == reply.sent
        && held.caller == response.caller && held.note == response.note
      #expect(
        isSame, "\(method) \(target) is answered in another way than what holds",
        sourceLocation: sourceLocation)
    }
    answers.keep(response, for: request)
    if let body, !body.isEmpty, isUncounted, Self.isRepeatable(target, status: reply.status) {
      let whole = try await Reply(exchange(request, client: client, spools: false))
      #expect(
        whole.status == reply.status && whole.fields == reply.fields && whole.bytes == reply.bytes,
        "\(method) \(target) is answered in another way if its content was in memory: \(whole.text)",
        sourceLocation: sourceLocation)
    }
    for fault in Contract.faults(of: reply, method: method, target: target) {
      Issue.record("\(method) \(target) → \(reply.status): \(fault)", sourceLocation: sourceLocation)
    }
    return reply
  }

  /// Whether a request with content changes nothing and depends on nothing that changes.
  private static func isRepeatable(_ target: String, status: Int) -> Bool {
    [400, 413, 415, 422].contains(status)
      || status == 200 && ["/validate", "/analyze"].contains { target.hasSuffix($0) }
  }

  /// Sends a JSON text.
  @discardableResult
  func post(
    _ target: String, _ json: String, _ fields: [(String, String)] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Reply {
    try await send(
      "POST", target, [("Content-Type", "application/json")] + fields, body: Array(json.utf8),
      sourceLocation: sourceLocation)
  }

  /// Returns once a worker has begun with a job just created.
  func waitUntilRunning(_ created: Reply, _ fields: [(String, String)] = []) async throws {
    let location = try #require(created.field("Location"))
    var reply = created
    while reply.json["status"] == "queued" {
      let tag = try #require(reply.field("ETag"))
      reply = try await send("GET", location, fields + [("If-None-Match", tag), ("Prefer", "wait=60")])
    }
  }

  /// The content of a response that is made while it is read.
  func stream(_ target: String, _ fields: [(String, String)] = []) async throws -> any ContentProducer {
    let fields = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
    let response = try await exchange(
      Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n".utf8))
    guard case .stream(let content) = response.body else { throw NoStream(status: response.status.code) }
    return content.producer
  }

  struct NoStream: Error {
    var status: Int
  }

  /// What a connection does with the bytes of one request: parse, admit, respond.
  ///
  /// - Parameter spools: whether content goes to its sink however short it is.
  private func exchange(
    _ bytes: [UInt8], client: String? = nil, spools: Bool = true
  ) async throws -> Response {
    var parser = RequestParser()
    parser.append(bytes)
    var admitted: (request: Request, sink: (any ContentSink)?, handler: RequestHandler)?
    do {
      while true {
        switch try parser.next() {
        case .head(let head):
          let id = head.request.headerFields[.requestID].flatMap { RequestID.isValid($0) ? $0 : nil }
          let whole = Request(
            head: head.request, target: head.target, authority: head.authority, id: id ?? "req_test",
            client: client)
          switch api.admit(whole) {
          case .refuse(let response): return response
          case .accept(let maximum, let sink, let handler):
            try parser.limitBody(to: maximum)
            admitted = (whole, spools ? sink : nil, handler)
          }
        case .body(let portion):
          admitted?.request.body += portion
        case .end:
          var (request, sink, handler) = try #require(admitted)
          if let sink, !request.body.isEmpty {
            let content = request.body
            request.body = []
            do {
              for piece in [content.prefix(10), content.dropFirst(10)] where !piece.isEmpty {
                try await sink.take(Array(piece))
              }
            } catch {
              return handler.failed(request, error)
            }
          }
          if let response = handler.atOnce(request) { return response }
          return await handler.later(request)
        case .needMore:
          throw ProtocolError.incompleteBody
        }
      }
    } catch let error as ProtocolError {
      return api.respond(toInvalid: error, requestID: "req_test")
    }
  }
}

/// A response with its body, all of it.
struct Reply: Sendable {
  let status: Int
  let fields: HTTPFields
  /// The content as it is sent.
  let sent: [UInt8]
  /// The content without its coding.
  let bytes: [UInt8]

  init(_ response: Response, isEndless: Bool = false) async throws {
    status = response.status.code
    fields = response.fields
    var sent: [UInt8] = []
    switch response.body {
    case .empty: break
    case .bytes(let bytes): sent = bytes
    case .stream(let stream):
      while let piece = try await stream.producer.next() {
        sent += piece
        if isEndless { break }
      }
    }
    self.sent = sent
    var limits = GzipLimits()
    limits.maximumRatio = 1032
    bytes = fields[.contentEncoding] == "gzip" ? try Gzip.decompressed(sent, limits: limits) : sent
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The body as JSON; null if it is none.
  var json: JSONValue { (try? JSONParser.parse(bytes)) ?? .null }

  func field(_ name: String) -> String? {
    HTTPField.Name(name).flatMap { fields[$0] }
  }

  /// `pointer` of every fault.
  var pointers: [String] {
    (json["errors"]?.arrayValue ?? []).compactMap { $0["pointer"]?.stringValue }
  }
}
