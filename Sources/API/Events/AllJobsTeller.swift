// The events of all jobs for one reader, from now on.

import JSON
import Jobs

/// Tells of every job, or of every one of an owner, live and without places: a reader who was away looks at the list of jobs.
actor AllJobsTeller: EventTeller {
  private let watcher: ChangeWatcher
  private let request: EventRequest
  private let jobs: JobService
  /// Whose jobs alone are told of; nil: everybody's.
  private let owner: String?
  /// What was told of jobs that have not ended.
  private var places: [JobID: EventCursor] = [:]
  /// The jobs whose end was told last, the newest behind: they may be signalled once more.
  private var ended: [JobID] = []
  private var hasBegun = false

  /// The most jobs that the stream begins with.
  private static let maximumAtFirst = 1000
  private static let maximumEnded = 256

  init(_ request: EventRequest, jobs: JobService, owner: String?) {
    self.request = request
    self.jobs = jobs
    self.owner = owner
    watcher = jobs.watch()
  }

  let name = "all jobs"
  let hasEnded = false

  func wait() async -> Bool { await watcher.wait() }

  func news() async throws -> [UInt8] {
    // What changes while the list is read is told after it.
    if !hasBegun { return try await begin() }
    var bytes: [UInt8] = []
    for id in watcher.take() where !ended.contains(id) {
      guard let moment = try await jobs.moment(of: id) else {
        places[id] = nil
        continue
      }
      guard owner == nil || moment.job.createdBy == owner else { continue }
      let place = places[id] ?? EventCursor()
      if moment.isAtEnd(moment.place(after: place)) {
        places[id] = nil
        ended.append(id)
        if ended.count > Self.maximumEnded { ended.removeFirst() }
      } else {
        places[id] = moment.place(after: place)
      }
      bytes += moment.events(after: place).flatMap { self.bytes($0, of: id) }
    }
    return bytes
  }

  /// The state of each job that has not ended.
  private func begin() async throws -> [UInt8] {
    hasBegun = true
    let open = JobFilter(
      statuses: Set(JobStatus.allCases.filter { !$0.isTerminal }), createdBy: owner)
    var bytes: [UInt8] = []
    for job in try await jobs.list(open, limit: Self.maximumAtFirst).jobs.reversed() {
      guard let moment = try await jobs.moment(of: job.id), !moment.job.status.isTerminal else { continue }
      places[job.id] = moment.place(after: EventCursor())
      bytes += self.bytes(
        OutgoingEvent(
          id: nil, type: .status,
          data: [
            "status": .string(moment.job.status.rawValue), "attempt": .integer(moment.job.attempt),
            "queue_position": JSONValue(moment.job.queuePosition), "resumed_from_epoch": .null,
          ]), of: job.id)
    }
    return bytes
  }

  private func bytes(_ event: OutgoingEvent, of id: JobID) -> [UInt8] {
    guard request.types.contains(event.type) else { return [] }
    return request.format.bytes(event, id: nil, job: id.description)
  }
}
