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
  private let pace: EpochPace
  /// Jobs of which there may be something to tell, in that order; ended ones as they were when the last part was told.
  private var waiting: [(id: JobID, ended: JobMoment?)] = []
  /// Whether there were epochs since the last rest.
  private var hasToldEpochs = false
  /// What was told of jobs that have not ended.
  private var places: [JobID: EventCursor] = [:]
  /// The jobs whose end was told last, the newest behind: they may be signalled once more.
  private var ended: [JobID] = []
  private var hasBegun = false

  /// The most jobs that the stream begins with.
  private static let maximumAtFirst = 1000
  private static let maximumEnded = 256

  init(_ request: EventRequest, jobs: JobService, owner: String?, pace: EpochPace) {
    self.request = request
    self.jobs = jobs
    self.owner = owner
    self.pace = pace
    watcher = jobs.watch()
  }

  let name = "all jobs"
  let hasEnded = false

  func wait() async -> Bool { await watcher.wait() }

  func news() async throws -> [UInt8] {
    // What changes while the list is read is told after it.
    if !hasBegun { return try await begin() }
    for id in watcher.take() where !ended.contains(id) && !waiting.contains(where: { $0.id == id }) {
      waiting.append((id, nil))
    }
    while !waiting.isEmpty {
      let (id, ended) = waiting.removeFirst()
      let bytes = try await portion(of: id, ended)
      if !bytes.isEmpty { return bytes }
    }
    if hasToldEpochs {
      watcher.rest(seconds: pace.seconds)
      hasToldEpochs = false
    }
    return []
  }

  /// What is told next of a job, which waits for its next turn if that may not be all.
  private func portion(of id: JobID, _ ended: JobMoment?) async throws -> [UInt8] {
    let moment: JobMoment? = if let ended { ended } else { try await jobs.moment(of: id) }
    guard let moment else {
      places[id] = nil
      return []
    }
    guard owner == nil || moment.job.createdBy == owner else { return [] }
    let portion = moment.portion(
      after: places[id] ?? EventCursor(), of: request.types, showsEpochs: !watcher.isResting)
    places[id] = portion.place
    if portion.events.contains(where: { $0.type == .metrics }) { hasToldEpochs = true }
    if moment.isAtEnd(portion.place) {
      places[id] = nil
      self.ended.append(id)
      if self.ended.count > Self.maximumEnded { self.ended.removeFirst() }
    } else if portion.place.epoch < moment.place.epoch {
      // During a rest the epochs of a job that goes on are told after it: the watcher has noted them.
      if moment.job.status.isTerminal {
        waiting.append((id, moment))
      } else if !watcher.isResting {
        waiting.append((id, nil))
      }
    }
    return portion.events.flatMap { bytes($0, of: id) }
  }

  /// The state of each job that has not ended.
  private func begin() async throws -> [UInt8] {
    hasBegun = true
    let open = JobFilter(
      statuses: Set(JobStatus.allCases.filter { !$0.isTerminal }), createdBy: owner)
    var bytes: [UInt8] = []
    for job in try await jobs.list(open, limit: Self.maximumAtFirst).jobs.reversed() {
      guard let moment = try await jobs.moment(of: job.id), !moment.job.status.isTerminal else { continue }
      places[job.id] = moment.place
      guard request.types.contains(.status) else { continue }
      bytes += self.bytes(
        OutgoingEvent(
          id: nil, type: .status,
          data: [
            "status": .string(moment.job.status.rawValue), "attempt": .integer(moment.job.attempt),
            "queue_position": JSONValue(moment.job.queuePosition),
            "resumed_from_epoch": JSONValue(moment.job.resumedFromEpoch),
          ]), of: job.id)
    }
    return bytes
  }

  private func bytes(_ event: OutgoingEvent, of id: JobID) -> [UInt8] {
    request.format.bytes(event, id: nil, job: id.description)
  }
}
