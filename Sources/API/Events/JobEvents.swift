// What a reader of a job's events is told next, from where the reader stands and how the job is.

import JSON
import Jobs
import Telemetry
import Training

/// The kinds of events; `openapi.yaml` describes their data.
enum EventType: String, CaseIterable {
  case status, warning, metrics, queue, activations, resync, end

  /// Without `activations`, which costs computing and is asked for by name.
  static let usual: Set<EventType> = Set(allCases).subtracting([.activations])
}

/// One event on its way to a reader.
struct OutgoingEvent: Sendable {
  /// Where the reader stands after it; nil where it is only about the moment.
  let id: EventCursor?
  let type: EventType
  private let make: @Sendable () -> JSONObject

  /// - Parameter data: made whenever it is asked for, so that an event that is only counted costs nothing.
  init(id: EventCursor?, type: EventType, data: @autoclosure @escaping @Sendable () -> JSONObject) {
    self.id = id
    self.type = type
    make = data
  }

  /// What there is to say, without the identifier.
  var data: JSONObject { make() }

  /// All of it as one object, as pages and lines have it.
  ///
  /// - Parameters: as ``EventFormat/bytes(_:id:job:)`` has them.
  func document(id: String?, job: String?) -> JSONObject {
    var document: JSONObject = ["id": JSONValue(id), "type": .string(type.rawValue)]
    if let job { document["job_id"] = .string(job) }
    for (name, value) in data.pairs { document[name] = value }
    return document
  }
}

/// What a reader is told at a time.
struct EventPortion: Sendable {
  /// In their order.
  var events: [OutgoingEvent] = []
  /// Where the reader stands after them.
  var place: EventCursor
}

extension JobMoment {
  /// Where a reader stands who has seen all of it.
  var place: EventCursor { EventCursor(sequence: events.last?.sequence ?? 0, epoch: lastEpoch) }

  /// Whether a reader who stands there has seen all there will ever be.
  func isAtEnd(_ cursor: EventCursor) -> Bool { events.last?.isEnd == true && cursor == place }

  private var lastEpoch: Int { series?.epochs.last ?? 0 }

  /// Whether a reader who stands there has read of another history: the data directory was replaced, or the reader invents.
  private func isBeyond(_ cursor: EventCursor) -> Bool {
    cursor.sequence > events.last?.sequence ?? 0 || (events.last?.isEnd == true && cursor.epoch > lastEpoch)
  }

  /// What is told next to a reader who stands at `cursor`: what was said of the job but its end, some of the epochs since,
  /// and the end once no epoch is behind.
  ///
  /// Who is far behind comes to the newest epoch through several portions, each from the place of the one before; one
  /// without an event is the last for now. A portion ends where a multiple of its most epochs does, so that readers who are
  /// behind come to stand at the same places, and what is made for one of them serves all.
  ///
  /// - Parameters:
  ///   - types: what the reader wants to know; what it does not is passed over.
  ///   - showsEpochs: whether the epochs of a job that has not ended are told, too, or left for later.
  func portion(after cursor: EventCursor, of types: Set<EventType>, showsEpochs: Bool = true) -> EventPortion
  {
    var portion = EventPortion(place: cursor)
    func add(
      _ type: EventType, _ data: @autoclosure @escaping @Sendable () -> JSONObject, hasPlace: Bool = true
    ) {
      guard types.contains(type) else { return }
      portion.events.append(
        OutgoingEvent(id: hasPlace ? portion.place : nil, type: type, data: data()))
    }
    if isBeyond(cursor) {
      portion.place = EventCursor()
      add(.resync, ["from_epoch": 0], hasPlace: false)
    }
    for event in events where event.sequence > portion.place.sequence && !event.isEnd {
      portion.place.sequence = event.sequence
      add(event.type, self.data(of: event))
    }
    let end = events.last.flatMap { $0.isEnd ? $0 : nil }
    if let series, showsEpochs || end != nil {
      let positions = series.positions(after: portion.place.epoch)
      let told = types.contains(.metrics) ? Self.first(of: positions, in: series) : positions
      if let last = told.last {
        portion.place.epoch = series.epochs[last]
        add(.metrics, self.metrics(of: series, told))
      }
    }
    if let end, end.sequence > portion.place.sequence, portion.place.epoch >= lastEpoch {
      portion.place.sequence = end.sequence
      add(.end, ["status": .string(self.job.status.rawValue), "job": self.job.document])
    }
    return portion
  }

  /// About how many numbers an event has at most, of some 20 octets each.
  private static let mostNumbers = 1000

  /// As many of `positions` as an event takes.
  private static func first(of positions: Range<Int>, in series: MetricSeries) -> Range<Int> {
    let most = max(1, mostNumbers / max(1, series.names.count))
    return positions.prefix(most - positions.lowerBound % most)
  }

  private func metrics(of series: MetricSeries, _ positions: Range<Int>) -> JSONObject {
    var data = series.part(positions)
    data["progress"] = job.progress ?? .null
    return data
  }

  private func data(of event: JobEvent) -> JSONObject {
    switch event.kind {
    case .warning(let document): document.objectValue ?? [:]
    case .status(let status, let attempt):
      [
        "status": .string(status.rawValue), "attempt": .integer(attempt),
        "queue_position": status == .queued && event == events.last ? JSONValue(job.queuePosition) : .null,
        "resumed_from_epoch": .null, "at": .string(event.at.rfc3339),
      ]
    }
  }
}

extension JobEvent {
  fileprivate var type: EventType {
    switch kind {
    case .warning: .warning
    case .status: .status
    }
  }
}
