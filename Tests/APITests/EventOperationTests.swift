// What happens to a job, told while it happens: whole, in order, each thing once, from any place on.

import Foundation
import HTTP
import JSON
import Jobs
import Testing

@Suite struct EventOperationTests {
  private static let sse = [("Accept", "text/event-stream")]
  /// 12 epochs, and a warning of the specification.
  private static let quick = Specifications.quick

  private func withEndedJob(_ body: (Service, String) async throws -> Void) async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Self.quick, [("Prefer", "wait=60")])
      try await body(service, try #require(job.field("Location"), "\(job.text)"))
    }
  }

  @Test func `an ended job is told from its beginning to its end`() async throws {
    try await withEndedJob { service, location in
      let reply = try await service.send("GET", "\(location)/events", Self.sse)
      #expect(reply.field("Content-Type") == "text/event-stream" && reply.field("Vary") == "Accept")
      #expect(reply.field("Cache-Control") == "no-store, no-transform")
      #expect(reply.field("X-Accel-Buffering") == "no")
      #expect(reply.text.hasPrefix("retry: 3000\n: job_"))
      let events = read(reply.text)
      let types = events.map(\.type).filter { $0 != "warning" }
      #expect(types == ["status", "status", "metrics", "end"], "\(reply.text)")
      #expect(events.compactMap { $0.data["status"]?.stringValue } == ["queued", "running", "succeeded"])
      #expect(events.flatMap(\.epochs) == Array(1...12))
      let metrics = try await service.send("GET", "\(location)/metrics")
      #expect(events.first { $0.type == "metrics" }?.data["series"] == metrics.json["series"])
      let job = try await service.send("GET", location)
      #expect(events.last?.data["job"] == job.json)
      let ids = events.compactMap { $0.id.flatMap(Double.init) }
      #expect(ids.count == events.count && ids == ids.sorted())
    }
  }

  @Test(arguments: ["application/x-ndjson", "application/jsonl"])
  func `lines of JSON tell the same`(type: String) async throws {
    try await withEndedJob { service, location in
      let events = read(try await service.send("GET", "\(location)/events", Self.sse).text)
      let reply = try await service.send("GET", "\(location)/events", [("Accept", type)])
      let lines = read(lines: reply.text)
      #expect(lines.map(\.id) == events.map(\.id) && lines.map(\.type) == events.map(\.type))
      #expect(lines.flatMap(\.epochs) == Array(1...12) && !reply.text.contains("\n\n"))
    }
  }

  @Test func `pages go from one to the next without gap or repetition, and end in 204`() async throws {
    try await withEndedJob { service, location in
      let whole = try await service.send("GET", "\(location)/events")
      #expect(whole.json["has_more"] == false)
      var (after, data, pages) = ("", [JSONValue](), 0)
      while true {
        let page = try await service.send("GET", "\(location)/events?limit=1\(after)")
        if page.status == 204 { break }
        data += page.json["data"]?.arrayValue ?? []
        after = "&after=\(page.json["next_after"]?.stringValue ?? "?")"
        pages += 1
      }
      #expect(.array(JSONArray(data)) == whole.json["data"] && pages == data.count)
    }
  }

  @Test func `a reader goes on from any place`() async throws {
    try await withEndedJob { service, location in
      let events = read(try await service.send("GET", "\(location)/events", Self.sse).text)
      for (index, event) in events.enumerated() {
        let reply = try await service.send(
          "GET", "\(location)/events?after=0.0", Self.sse + [("Last-Event-ID", event.id ?? "")])
        #expect(reply.status == (index + 1 < events.count ? 200 : 204))
        #expect(read(reply.text).map(\.id) == events.dropFirst(index + 1).map(\.id))
      }
      let sequence = try #require(events.first { $0.type == "metrics" }?.id?.split(separator: ".").first)
      for epoch in 0...12 {
        let reply = try await service.send("GET", "\(location)/events?after=\(sequence).\(epoch)", Self.sse)
        #expect(read(reply.text).flatMap(\.epochs) == (1...12).filter { $0 > epoch })
      }
    }
  }

  @Test(arguments: ["", "1", "1.", ".1", "-1.0", "1.0.0", "1234567890.0", "a.b", "1.0 ", "٣.0"])
  func `a place that is none is refused`(text: String) async throws {
    try await withEndedJob { service, location in
      let field = try await service.send("GET", "\(location)/events", [("Last-Event-ID", text)])
      // A field without a value is as none; of others the spaces around are no part.
      #expect(field.status == (text.isEmpty ? 200 : text == "1.0 " ? 200 : 400))
      let query = try await service.send(
        "GET",
        "\(location)/events?after=\(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")")
      #expect(query.status == 400 && query.json["code"] == "invalid_query")
    }
  }

  @Test(arguments: ["99.0", "1.13"])
  func `a reader of another history is told so, and everything`(place: String) async throws {
    try await withEndedJob { service, location in
      let events = read(try await service.send("GET", "\(location)/events?after=\(place)", Self.sse).text)
      #expect(events.first?.type == "resync" && events.first?.id == nil)
      #expect(events.first?.data == ["from_epoch": 0] && events.flatMap(\.epochs) == Array(1...12))
    }
  }

  @Test func `only the types that were asked for are told`() async throws {
    try await withEndedJob { service, location in
      let events = read(
        try await service.send("GET", "\(location)/events?types=status,end", Self.sse).text)
      #expect(events.map(\.type) == ["status", "status", "end"])
      #expect(try await service.send("GET", "\(location)/events?types=metric").status == 400)
    }
  }

  /// Trains a job to its end, however busy the machine is.
  private func ended(_ specification: String, _ service: Service) async throws -> String {
    let created = try await service.post("/v1/jobs", specification)
    let id = try #require(created.json["id"]?.stringValue)
    _ = try await service.jobs.wait(for: try #require(JobID(id)), untilNot: nil, seconds: 600)
    return id
  }

  /// 1,200 epochs of four metrics, of which an event takes 250.
  private static let many = quick.replacing(#""epochs": 12"#, with: #""epochs": 1200"#)

  @Test func `who is far behind is told in portions, each of them a place to go on from`() async throws {
    try await Service.run { service in
      let location = "/v1/jobs/\(try await ended(Self.many, service))"
      let stream = try await service.stream("\(location)/events", Self.sse)
      var portions: [[Event]] = []
      while let bytes = try await stream.next() {
        portions.append(read(String(decoding: bytes, as: UTF8.self)))
      }
      #expect(portions.map { $0.flatMap(\.epochs).count } == [0, 250, 250, 250, 250, 200])
      let events = portions.flatMap { $0 }
      #expect(events.flatMap(\.epochs) == Array(1...1200) && events.last?.type == "end")
      for (index, event) in events.enumerated() where event.type == "metrics" {
        #expect(event.id?.hasSuffix(".\(event.epochs.last ?? 0)") == true)
        let rest = try await service.send("GET", "\(location)/events?after=\(event.id ?? "")", Self.sse)
        #expect(read(rest.text).map(\.id) == events.dropFirst(index + 1).map(\.id))
        let page = try await service.send("GET", "\(location)/events?after=\(event.id ?? "")&limit=1")
        #expect(page.json["next_after"]?.stringValue == events[index + 1].id)
        #expect(page.json["has_more"] == .bool(index + 2 < events.count))
      }
      let page = try await service.send("GET", "\(location)/events")
      #expect(page.json["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == events.compactMap(\.id))
      // Epochs that nobody asks for are passed over at once.
      let ends = try await service.stream("\(location)/events?types=end", Self.sse)
      for expected in ["", "end"] {
        let bytes = try #require(try await ends.next())
        #expect(read(String(decoding: bytes, as: UTF8.self)).map(\.type).joined() == expected)
      }
    }
  }

  @Test(arguments: ["/v1/events", "/v1/events?jobs=A,B"])
  func `of several jobs no portion is larger, and none waits for the other's last`(target: String)
    async throws
  {
    var options = Service.Options()
    options.workers = 2
    try await Service.run(options) { service in
      let all = target.hasSuffix("B") ? nil : try await service.stream(target, Self.sse)
      if let all { #expect(try await all.next() != nil) }
      var ids: [String] = []
      for _ in 0..<2 { ids.append(try await ended(Self.many, service)) }
      let named = target.replacing("A,B", with: ids.joined(separator: ","))
      let stream = if let all { all } else { try await service.stream(named, Self.sse) }
      var (events, order) = ([Event](), [String?]())
      while events.count(where: { $0.type == "end" }) < 2, let bytes = try await stream.next() {
        let portion = read(String(decoding: bytes, as: UTF8.self))
        #expect(portion.count { $0.type == "metrics" } <= 1 && portion.flatMap(\.epochs).count <= 250)
        events += portion
        if !portion.isEmpty { order.append(portion[0].data["job_id"]?.stringValue) }
      }
      for id in ids {
        let own = events.filter { $0.data["job_id"]?.stringValue == id }
        #expect(own.flatMap(\.epochs) == Array(1...1200) && own.last?.type == "end")
      }
      #expect(zip(order, order.dropFirst()).allSatisfy { $0 != $1 }, "\(order)")
    }
  }

  @Test func `a running job is told while it runs; readers who leave and come back see each epoch once`()
    async throws
  {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.long(epochs: 3000))
      let location = try #require(created.field("Location"))
      var (place, epochs, visits) = ("0.0", [Int](), 0)
      var ended = false
      while !ended {
        visits += 1
        let stream: any ContentProducer
        do {
          stream = try await service.stream("\(location)/events", Self.sse + [("Last-Event-ID", place)])
        } catch let error as Service.NoStream {
          // It has ended since, and all was seen.
          #expect(error.status == 204)
          break
        }
        // As far as the reader stays: now to one event, now to several.
        var left = visits % 4 + 2 - visits % 2
        while left > 0, let bytes = try await stream.next() {
          for event in read(String(decoding: bytes, as: UTF8.self)) {
            epochs += event.epochs
            place = event.id ?? place
            ended = ended || event.type == "end"
          }
          left -= 1
        }
      }
      #expect(epochs == Array(1...3000) && visits > 1, "\(visits) visits")
      #expect(service.jobs.followedJobCount == 0 || !ended)
    }
  }

  @Test func `several jobs are told in one stream, each from its own place`() async throws {
    try await Service.run { service in
      var ids: [String] = []
      for _ in 0..<3 {
        let job = try await service.post("/v1/jobs", Self.quick, [("Prefer", "wait=60")])
        ids.append(try #require(job.json["id"]?.stringValue))
      }
      let target = "/v1/events?jobs=\(ids.joined(separator: ","))"
      let events = read(try await service.send("GET", target, Self.sse).text)
      for id in ids {
        let own = events.filter { $0.data["job_id"]?.stringValue == id }
        #expect(own.flatMap(\.epochs) == Array(1...12) && own.last?.type == "end")
      }
      let middle = try #require(events[events.count / 2].id)
      let rest = try await service.send("GET", target, Self.sse + [("Last-Event-ID", middle)])
      #expect(read(rest.text).map(\.id) == events.dropFirst(events.count / 2 + 1).map(\.id))
      let last = try #require(events.last?.id)
      #expect(try await service.send("GET", target + "&after=\(last)", Self.sse).status == 204)
      for wrong in [
        "?after=\(last)", "?jobs=", "?jobs=\(ids[0]),\(ids[0])", "?jobs=\(ids[0])&after=\(ids[1]):1.0",
      ] {
        #expect(try await service.send("GET", "/v1/events\(wrong)").status == 400)
      }
      #expect(try await service.send("GET", "/v1/events?jobs=\(ids[0]),job_x").status == 404)
    }
  }

  @Test func `a job that is deleted ends its own part of a stream, and no other's`() async throws {
    try await Service.run { service in
      let gone = try await service.post("/v1/jobs", Self.quick, [("Prefer", "wait=60")])
      let running = try await service.post("/v1/jobs", Specifications.endless)
      let ids = try [gone, running].map { try #require($0.json["id"]?.stringValue) }
      let end = try await service.send("GET", "/v1/jobs/\(ids[0])/events").json["next_after"]?.stringValue
      // Of the first job all but the end was seen, which is not asked for: nothing is told of it, and it is followed.
      let place = "\(ids[0]):\(try #require(end).replacing(/^\d+/, with: "2"))"
      let stream = try await service.stream(
        "/v1/events?jobs=\(ids.joined(separator: ","))&types=status", Self.sse + [("Last-Event-ID", place)])
      for _ in 0..<2 { #expect(try await stream.next() != nil) }
      try await service.send("DELETE", "/v1/jobs/\(ids[0])")
      try await service.post("/v1/jobs/\(ids[1])/cancel", "{}")
      var told: [JSONValue?] = []
      while let bytes = try await stream.next() {
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("shutting down"))
        told += read(text).map { $0.data["status"] }
      }
      #expect(told.last == "cancelling", "\(told)")
    }
  }

  @Test func `all jobs are told from now on, with those that have not ended first`() async throws {
    try await Service.run { service in
      try await service.post("/v1/jobs", Self.quick, [("Prefer", "wait=60")])
      let running = try await service.post("/v1/jobs", Specifications.endless)
      try await service.waitUntilRunning(running)
      let stream = try await service.stream("/v1/events?types=status,end", Self.sse)
      var events: [Event] = []
      func readOn(until isEnough: () -> Bool) async throws {
        while !isEnough(), let bytes = try await stream.next() {
          events += read(String(decoding: bytes, as: UTF8.self))
        }
      }
      try await readOn { !events.isEmpty }
      #expect(events.map { $0.data["status"] } == ["running"] && events[0].id == nil)
      let next = try await service.post("/v1/jobs", Self.quick)
      try await service.post("\(try #require(running.field("Location")))/cancel", "{}")
      try await readOn { events.count { $0.type == "end" } == 2 }
      func told(_ job: Reply) -> [JSONValue?] {
        events.filter { $0.data["job_id"] == job.json["id"] }.map { $0.data["status"] }
      }
      #expect(told(running) == ["running", "cancelling", "cancelled"], "\(told(running))")
      #expect(told(next) == ["queued", "running", "succeeded"], "\(told(next))")
    }
  }

  @Test func `a reader who leaves at any moment is no error of the service`() async throws {
    let log = LogLines()
    try await Service.run(.init(log: log.logger)) { service in
      let job = try await service.post("/v1/jobs", Specifications.long(epochs: 100_000))
      try await service.waitUntilRunning(job)
      let events = "\(try #require(job.field("Location")))/events"
      for _ in 0..<20 { _ = try await service.stream(events, Self.sse) }
    }
    #expect(
      !log.lines.contains { $0.contains("cannot read") }, "\(log.lines.filter { $0.contains(" error ") })")
  }

  @Test func `no more streams are open than may be, and one that is let go of makes room`() async throws {
    var options = Service.Options()
    options.maximumStreams = 2
    try await Service.run(options) { service in
      let created = try await service.post("/v1/jobs", Specifications.long(epochs: 100_000))
      let location = try #require(created.field("Location"))
      var streams: [any ContentProducer] = []
      for _ in 0..<2 { streams.append(try await service.stream("\(location)/events", Self.sse)) }
      for stream in streams { #expect(try await stream.next() != nil) }
      let refused = try await service.send("GET", "\(location)/events", Self.sse)
      #expect(refused.status == 503 && refused.json["code"] == "too_many_streams")
      #expect(try await service.send("GET", "\(location)/events").status == 200)
      streams.removeLast()
      #expect(try await service.stream("\(location)/events", Self.sse).next() != nil)
      try await service.post("\(location)/cancel", "{}")
    }
  }

  @Test func `a service that shuts down says so, and the job's readers may come back`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.long(epochs: 100_000))
      let location = try #require(created.field("Location"))
      let stream = try await service.stream("\(location)/events", Self.sse)
      for _ in 0..<2 { #expect(try await stream.next() != nil) }
      await service.jobs.drain()
      var text = ""
      while let bytes = try await stream.next() { text += String(decoding: bytes, as: UTF8.self) }
      #expect(text.hasSuffix("\n\n") && text.contains(": shutting down\nretry: "), "\(text.suffix(200))")
    }
  }

  @Test func `learned activations are told where they are asked for`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.long(epochs: 100_000))
      let location = try #require(created.field("Location"))
      let stream = try await service.stream(
        "\(location)/events?types=activations&activations_seconds=0", Self.sse)
      var event: Event?
      while event == nil, let bytes = try await stream.next() {
        event = read(String(decoding: bytes, as: UTF8.self)).first
      }
      #expect(event?.type == "activations" && event?.id == nil)
      let layer = event?.data["layers"]?.arrayValue?.first
      #expect(layer?["curve"] != nil && layer?["nearest"] == nil)
      try await service.post("\(location)/cancel", "{}")
    }
  }

  @Test func `what is not there has no events`() async throws {
    try await Service.run { service in
      for id in ["job_0000000000000000000000000x", "nonsense"] {
        let reply = try await service.send("GET", "/v1/jobs/\(id)/events", Self.sse)
        #expect(reply.status == 404 && reply.json["code"] == "job_not_found")
      }
    }
  }
}
