// GET /v1/jobs/{id}/events and /v1/events: what happens to jobs, while it happens or page by page.

import HTTP
import HTTPTypes
import JSON
import Jobs
import Telemetry

extension Operation {
  static let listJobEvents = Operation(
    "listJobEvents", .get, "/v1/jobs/{id}/events", successes: [200, 204],
    query: ["types", "after", "limit", "activations_seconds"],
    answer: { call in
      let id = try call.jobID()
      let cursor = try call.eventPlace(expected: "two numbers with a point between them, such as 2.37") {
        EventCursor($0)
      }
      let limit = try call.query.integer("limit", in: 1...1000) ?? 100
      let format = try call.eventFormat()
      let types = try call.eventTypes()
      let request = try call.eventRequest(format ?? .lines, types, isOfSeveral: false)
      guard let moment = try await call.jobs.moment(of: id) else {
        throw APIError.jobNotFound(id.description)
      }
      let place = cursor ?? EventCursor()
      if moment.isAtEnd(place) { return .nothingFollows }
      guard let format else { return moment.page(after: place, types, limit: limit) }
      return try call.stream(
        JobTeller(EventPlaces([(id, place)]), request, jobs: call.jobs, pace: call.pace), format)
    })

  static let listEvents = Operation(
    "listEvents", .get, "/v1/events", successes: [200, 204],
    query: ["jobs", "types", "after", "activations_seconds"],
    answer: { call in
      guard let jobs = try call.namedJobs() else {
        // Such a stream has no places.
        _ = try call.eventPlace(expected: "left out where no `jobs` are named") { _ in Int?.none }
        let request = try call.eventRequest(
          call.eventFormat(isPageOffered: false) ?? .serverSent, call.eventTypes(), isOfSeveral: true)
        return try call.stream(
          AllJobsTeller(request, jobs: call.jobs, owner: call.owner, pace: call.pace), request.format)
      }
      let places = try call.eventPlace(expected: "the identifier of an event of these jobs") {
        EventPlaces($0, of: jobs)
      }
      let format = try call.eventFormat(isPageOffered: false) ?? .serverSent
      let request = try call.eventRequest(format, try call.eventTypes(), isOfSeveral: true)
      var hasEnded = true
      let start = places ?? EventPlaces(jobs.map { ($0, EventCursor()) })
      for (id, cursor) in start.all {
        guard let moment = try await call.jobs.moment(of: id) else {
          throw APIError.jobNotFound(id.description)
        }
        hasEnded = hasEnded && moment.isAtEnd(cursor)
      }
      if hasEnded { return .nothingFollows }
      return try call.stream(JobTeller(start, request, jobs: call.jobs, pace: call.pace), format)
    })
}

extension Response {
  /// 204: a client that comes back to a stream that has ended is to stay away (WHATWG HTML §9.2.3).
  fileprivate static let nothingFollows = Response(
    status: .noContent, fields: [.cacheControl: Caching.never.rawValue, .vary: "Accept"])
}

extension JobMoment {
  /// `{data, has_more, next_after}`
  fileprivate func page(after cursor: EventCursor, _ types: Set<EventType>, limit: Int) -> Response {
    var (events, end) = ([OutgoingEvent](), cursor)
    while events.count <= limit {
      let portion = portion(after: end, of: types)
      if portion.place == end { break }
      events += portion.events
      end = portion.place
    }
    let shown = events.prefix(limit)
    // Behind what is shown, of which the first may be without a place: that history was another.
    let place = shown.count < events.count ? shown.last { $0.id != nil }?.id ?? EventCursor() : end
    let data = shown.map { JSONValue.object($0.document(id: $0.id?.description, job: nil)) }
    return .json(
      [
        "data": .array(JSONArray(data)), "has_more": .bool(shown.count < events.count),
        "next_after": .string(place.description),
      ], fields: [.vary: "Accept"], caching: .never)
  }
}

extension Call {
  /// A portion of events has some 20 KiB at most, so that a slow reader holds half of 64 KiB; the kernel has more on its way.
  private static let eventWriteAhead = 4 << 10
  /// The most jobs of one stream.
  private static let maximumJobs = 16

  /// The identifiers in `jobs`, each once; nil where all jobs are meant.
  fileprivate func namedJobs() throws(APIError) -> [JobID]? {
    guard let names = query.string("jobs")?.split(separator: ",", omittingEmptySubsequences: false) else {
      return nil
    }
    guard (1...Self.maximumJobs).contains(names.count), Set(names).count == names.count,
      !names.contains("")
    else {
      throw .invalidParameter(
        "jobs", expected: "1 to \(Self.maximumJobs) identifiers of jobs with commas between them, each once")
    }
    var jobs: [JobID] = []
    for name in names {
      guard let id = JobID(String(name)) else { throw .jobNotFound(String(name)) }
      jobs.append(id)
    }
    return jobs
  }

  /// How the stream is to be written; nil where a page of JSON is wanted.
  fileprivate func eventFormat(isPageOffered: Bool = true) throws(APIError) -> EventFormat? {
    let json = MediaType("application", "json")
    let streams = [
      MediaType("text", "event-stream"), MediaType("application", "x-ndjson"),
      MediaType("application", "jsonl"),
    ]
    return EventFormat(rawValue: try preferred(of: (isPageOffered ? [json] : []) + streams).essence)
  }

  fileprivate func eventTypes() throws(APIError) -> Set<EventType> {
    try query.choices("types", of: EventType.self).map(Set.init) ?? EventType.usual
  }

  fileprivate func eventRequest(
    _ format: EventFormat, _ types: Set<EventType>, isOfSeveral: Bool
  ) throws(APIError) -> EventRequest {
    EventRequest(
      format: format, types: types,
      activationsSeconds: try query.number("activations_seconds", in: 0...3600) ?? 1, isOfSeveral: isOfSeveral
    )
  }

  /// From where on the reader wants to be told: what a client that comes back sends by itself, else what the query says.
  ///
  /// An EventSource keeps its first address, so that the field is the newer of the two.
  fileprivate func eventPlace<Place>(
    expected: String, _ read: (String) -> Place?
  ) throws(APIError) -> Place? {
    if let text = request.fields[.lastEventID], !text.isEmpty {
      guard let place = read(text) else { throw .invalidField(.lastEventID, expected: expected) }
      return place
    }
    guard let text = query.string("after") else { return nil }
    guard let place = read(text) else { throw .invalidParameter("after", expected: expected) }
    return place
  }

  /// The response that passes on what `teller` has.
  fileprivate func stream(_ teller: any EventTeller, _ format: EventFormat) throws(APIError) -> Response {
    let slot = try streams.take(
      for: principal?.id, atMost: principal?.limits.eventStreams ?? configuration.streamsPerKey)
    let isAdmitted = { @Sendable [access, principal] in access.stillAdmits(principal, for: .read) }
    let producer = MeasuredStream(
      EventProducer(teller, format, clock: SystemClock(), slot: slot, isAdmitted: isAdmitted),
      reason: { [jobs] in !isAdmitted() ? .key : jobs.isReady ? .complete : .draining },
      ended: { [metrics] in metrics.closed($0) })
    return Response(
      status: .ok,
      fields: [
        .contentType: format.rawValue, .cacheControl: "no-store, no-transform", .xAccelBuffering: "no",
        .vary: "Accept",
      ],
      body: .stream(ContentStream(endsWithInput: true, writeAhead: Self.eventWriteAhead, producer)))
  }
}
