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
  private let pace: EpochPace
  private var places: [Place]
  /// Which of the places is told of next: the one behind the last that was, so that no job waits for another's history.
  private var next = 0
  /// Whether there were epochs since the last rest.
  private var hasToldEpochs = false
  private(set) var hasEnded = false

  init(_ places: EventPlaces, _ request: EventRequest, jobs: JobService, pace: EpochPace) {
    self.places = places.all.map { Place(id: $0.id, cursor: $0.cursor) }
    self.request = request
    self.jobs = jobs
    self.pace = pace
    follower = jobs.follow(places.all.map(\.id))
  }

  var name: String { places.map(\.id.description).joined(separator: ",") }

  func wait() async -> Bool { await follower.wait() }

  /// A portion of the events of one job since its last call. Who has been told all, and epochs among it, rests.
  func news() async throws -> [UInt8] {
    let (moments, areGone, isResting) = (follower.moments, follower.areGone, follower.isResting)
    defer { hasEnded = places.allSatisfy(\.hasEnded) }
    for index in (0..<places.count).map({ (next + $0) % places.count }) where !places[index].hasEnded {
      if areGone[index] { places[index].hasEnded = true }
      guard let moment = moments[index] else { continue }
      var bytes = rendered(index, moment, showsEpochs: !isResting)
      if request.types.contains(.queue) { bytes += queueNews(index, moment) }
      if request.types.contains(.activations) { bytes += try await activations(index, moment) }
      if !bytes.isEmpty {
        next = (index + 1) % places.count
        return bytes
      }
    }
    if hasToldEpochs {
      follower.rest(seconds: pace.seconds)
      hasToldEpochs = false
    }
    return []
  }

  /// The next events behind the reader's place; of one job made once for all readers who stand there.
  private func rendered(_ index: Int, _ moment: JobMoment, showsEpochs: Bool) -> [UInt8] {
    let before = places[index].cursor
    let portion = moment.portion(after: before, of: request.types, showsEpochs: showsEpochs)
    defer {
      places[index].cursor = portion.place
      places[index].hasEnded = moment.isAtEnd(portion.place)
    }
    if portion.events.isEmpty { return [] }
    if portion.events.contains(where: { $0.type == .metrics }) { hasToldEpochs = true }
    if request.isOfSeveral { return portion.events.flatMap { bytes($0, index) } }
    let types = request.types.map(\.rawValue).sorted().joined(separator: ",")
    let key = "\(request.format.rawValue) \(before) \(portion.place) \(types)"
    return moment.renderings.value(for: key) { portion.events.flatMap { bytes($0, index) } }
  }

  private func bytes(_ event: OutgoingEvent, _ index: Int) -> [UInt8] {
    if let id = event.id { places[index].cursor = id }
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
