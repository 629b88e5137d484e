// The events of some jobs for one reader: a place in each job's history, moved as the client reads.

import JSON
import Jobs
import Text
import Training

/// Tells of jobs that were named.
actor JobTeller: EventTeller {
  /// Where the reader stands with one job.
  private struct Place {
    let id: JobID
    var cursor: EventCursor
    var hasEnded = false
    var queuePosition: Int?
    /// The epoch of the last `activations` event, and when it was sent.
    var shownEpoch = 0
    var shownAt: ContinuousClock.Instant?
  }

  private let follower: JobFollower
  private let request: EventRequest
  private let jobs: JobService
  private var places: [Place]
  private(set) var hasEnded = false

  init(_ places: EventPlaces, _ request: EventRequest, jobs: JobService) {
    self.places = places.all.map { Place(id: $0.id, cursor: $0.cursor) }
    self.request = request
    self.jobs = jobs
    follower = jobs.follow(places.all.map(\.id))
  }

  var name: String { places.map(\.id.description).joined(separator: ",") }

  func wait() async -> Bool { await follower.wait() }

  /// The events of all jobs since the last call.
  func news() async throws -> [UInt8] {
    var bytes: [UInt8] = []
    let (moments, areGone) = (follower.moments, follower.areGone)
    for index in places.indices where !places[index].hasEnded {
      if areGone[index] { places[index].hasEnded = true }
      guard let moment = moments[index] else { continue }
      bytes += rendered(index, moment)
      if request.types.contains(.queue) { bytes += queueNews(index, moment) }
      if request.types.contains(.activations) { bytes += try await activations(index, moment) }
    }
    hasEnded = places.allSatisfy(\.hasEnded)
    return bytes
  }

  /// The events behind the reader's place; of one job made once for all readers who stand there.
  private func rendered(_ index: Int, _ moment: JobMoment) -> [UInt8] {
    let before = places[index].cursor
    defer {
      places[index].cursor = moment.place(after: before)
      places[index].hasEnded = moment.isAtEnd(places[index].cursor)
    }
    if moment.place(after: before) == before { return [] }
    if request.isOfSeveral { return moment.events(after: before).flatMap { bytes($0, index) } }
    let types = request.types.map(\.rawValue).sorted().joined(separator: ",")
    return moment.renderings.value(for: "\(request.format.rawValue) \(before) \(types)") {
      moment.events(after: before).flatMap { bytes($0, index) }
    }
  }

  private func bytes(_ event: OutgoingEvent, _ index: Int) -> [UInt8] {
    if let id = event.id { places[index].cursor = id }
    guard request.types.contains(event.type) else { return [] }
    guard request.isOfSeveral else {
      return request.format.bytes(event, id: event.id?.description, job: nil)
    }
    let all = EventPlaces(places.map { ($0.id, $0.cursor) }).description
    return request.format.bytes(event, id: event.id == nil ? nil : all, job: places[index].id.description)
  }

  /// Where the job stands in the queue, if that has changed.
  private func queueNews(_ index: Int, _ moment: JobMoment) -> [UInt8] {
    let position = moment.job.queuePosition
    defer { places[index].queuePosition = position }
    guard let position, let earlier = places[index].queuePosition, position != earlier else { return [] }
    return bytes(
      OutgoingEvent(
        id: nil, type: .queue, data: ["queue_position": .integer(position), "estimated_start_at": .null]),
      index)
  }

  private func activations(_ index: Int, _ moment: JobMoment) async throws -> [UInt8] {
    guard let model = moment.model, model.epoch > places[index].shownEpoch else { return [] }
    let now = ContinuousClock.now
    if let shown = places[index].shownAt, now - shown < .seconds(request.activationsSeconds) { return [] }
    (places[index].shownEpoch, places[index].shownAt) = (model.epoch, now)
    let document = try await jobs.compute {
      model.activationsDocument(
        CurveSampling(from: nil, to: nil, points: 65), parts: [.parameters, .input, .curve])
    }
    return bytes(OutgoingEvent(id: nil, type: .activations, data: document.objectValue ?? [:]), index)
  }
}
